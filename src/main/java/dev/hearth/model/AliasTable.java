package dev.hearth.model;

import dev.hearth.http.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of aliases. */
@Repository
class AliasTable {

    /** How many settings of an alias are remembered. */
    static final int REMEMBERED = 20;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AliasTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Until the transaction ends, no other one changes aliases of the model. */
    void lock(ModelName model) {
        jdbc.sql("SELECT 1 FROM model_counter WHERE model = :model FOR UPDATE")
                .param("model", model.value())
                .query(Integer.class)
                .optional();
    }

    /**
     * Keeps versions from being deleted until the transaction ends.
     *
     * @return those that are there
     */
    List<Integer> keep(ModelName model, List<Integer> versions) {
        return jdbc.sql(
                        """
                        SELECT version FROM model_version
                        WHERE model = :model AND version IN (:versions) FOR KEY SHARE
                        """)
                .param("model", model.value())
                .param("versions", versions)
                .query(Integer.class)
                .list();
    }

    Optional<Alias> find(ModelName model, AliasName name) {
        return jdbc.sql("SELECT * FROM model_alias WHERE model = :model AND alias = :alias")
                .param("model", model.value())
                .param("alias", name.value())
                .query(this::alias)
                .optional();
    }

    /** All aliases of a model, by name. */
    List<Alias> of(ModelName model) {
        return jdbc.sql("SELECT * FROM model_alias WHERE model = :model ORDER BY alias")
                .param("model", model.value())
                .query(this::alias)
                .list();
    }

    /** The names of the aliases that name a version. */
    List<String> naming(ModelName model, int version) {
        return jdbc.sql(
                        """
                        SELECT alias FROM model_alias_version
                        WHERE model = :model AND version = :version ORDER BY alias
                        """)
                .param("model", model.value())
                .param("version", version)
                .query(String.class)
                .list();
    }

    /** The names of all aliases of some models. */
    Map<String, List<String>> names(Collection<String> models) {
        record Name(String model, String alias) {}
        if (models.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql("SELECT model, alias FROM model_alias WHERE model IN (:models) ORDER BY alias")
                .param("models", models)
                .query((row, _) -> new Name(row.getString("model"), row.getString("alias")))
                .list()
                .stream()
                .collect(
                        Collectors.groupingBy(
                                Name::model,
                                Collectors.mapping(Name::alias, Collectors.toList())));
    }

    List<Aliases.Revision> revisions() {
        return jdbc.sql("SELECT model, alias, revision FROM model_alias")
                .query((row, _) ->
                        new Aliases.Revision(
                                new ModelName(row.getString("model")),
                                new AliasName(row.getString("alias")),
                                row.getInt("revision")))
                .list();
    }

    /** The settings that it has and had, newest first. */
    List<AliasChange> changes(ModelName model, AliasName name) {
        return jdbc.sql(
                        """
                        SELECT * FROM model_alias_change
                        WHERE model = :model AND alias = :alias ORDER BY revision DESC
                        """)
                .param("model", model.value())
                .param("alias", name.value())
                .query((row, _) ->
                        new AliasChange(
                                row.getInt("revision"),
                                Optional.ofNullable(row.getString("setting")).map(this::setting),
                                new Owner(row.getString("changed_by")),
                                row.getTimestamp("changed_at").toInstant()))
                .list();
    }

    /** Under the lock of the model. */
    int nextRevision(ModelName model, AliasName name) {
        return jdbc.sql(
                        """
                        SELECT coalesce(max(revision), 0) + 1 FROM model_alias_change
                        WHERE model = :model AND alias = :alias
                        """)
                .param("model", model.value())
                .param("alias", name.value())
                .query(Integer.class)
                .single();
    }

    void put(Alias alias) {
        jdbc.sql(
                        """
                        INSERT INTO model_alias (model, alias, revision, setting, changed_by, changed_at)
                        VALUES (:model, :alias, :revision, :setting::json, :by, :at)
                        ON CONFLICT (model, alias) DO UPDATE
                        SET revision = excluded.revision, setting = excluded.setting,
                            changed_by = excluded.changed_by, changed_at = excluded.changed_at
                        """)
                .param("model", alias.model().value())
                .param("alias", alias.name().value())
                .param("revision", alias.revision())
                .param("setting", json.writeValueAsString(alias.setting()))
                .param("by", alias.changedBy().name())
                .param("at", Timestamp.from(alias.changedAt()))
                .update();
        jdbc.sql("DELETE FROM model_alias_version WHERE model = :model AND alias = :alias")
                .param("model", alias.model().value())
                .param("alias", alias.name().value())
                .update();
        for (int version : alias.setting().versions()) {
            jdbc.sql(
                            """
                            INSERT INTO model_alias_version (model, alias, version)
                            VALUES (:model, :alias, :version)
                            """)
                    .param("model", alias.model().value())
                    .param("alias", alias.name().value())
                    .param("version", version)
                    .update();
        }
    }

    boolean delete(ModelName model, AliasName name) {
        return jdbc.sql("DELETE FROM model_alias WHERE model = :model AND alias = :alias")
                        .param("model", model.value())
                        .param("alias", name.value())
                        .update()
                > 0;
    }

    void remember(ModelName model, AliasName name, AliasChange change) {
        jdbc.sql(
                        """
                        INSERT INTO model_alias_change (model, alias, revision, setting, changed_by, changed_at)
                        VALUES (:model, :alias, :revision, :setting::json, :by, :at)
                        """)
                .param("model", model.value())
                .param("alias", name.value())
                .param("revision", change.revision())
                .param("setting", change.setting().map(json::writeValueAsString).orElse(null))
                .param("by", change.changedBy().name())
                .param("at", Timestamp.from(change.changedAt()))
                .update();
        jdbc.sql(
                        """
                        DELETE FROM model_alias_change
                        WHERE model = :model AND alias = :alias AND revision <= :revision - :remembered
                        """)
                .param("model", model.value())
                .param("alias", name.value())
                .param("revision", change.revision())
                .param("remembered", REMEMBERED)
                .update();
    }

    private Alias alias(ResultSet row, int index) throws SQLException {
        return new Alias(
                new ModelName(row.getString("model")),
                new AliasName(row.getString("alias")),
                row.getInt("revision"),
                setting(row.getString("setting")),
                new Owner(row.getString("changed_by")),
                row.getTimestamp("changed_at").toInstant());
    }

    private AliasSetting setting(String text) {
        return json.readValue(text, AliasSetting.class);
    }
}
