package dev.hearth.model;

import dev.hearth.http.Owner;
import dev.hearth.spec.Evaluation;
import dev.hearth.spec.Evaluations;
import dev.hearth.spec.InputForm;
import dev.hearth.storage.Blob;
import dev.hearth.storage.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The SQL of models. */
@Repository
class ModelTable {

    /** A model's name with its newest version. */
    record Head(ModelName name, int latest, int versions, Instant createdAt) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ModelTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The next number; concurrent callers wait for one another's transaction. */
    int nextNumber(ModelName name) {
        return jdbc.sql(
                        """
                        INSERT INTO model_counter (model, last_version) VALUES (:model, 1)
                        ON CONFLICT (model) DO UPDATE SET last_version = model_counter.last_version + 1
                        RETURNING last_version
                        """)
                .param("model", name.value())
                .query(Integer.class)
                .single();
    }

    void insert(ModelVersion version) {
        var trained = version.lineage() instanceof Lineage.Trained run ? run : null;
        jdbc.sql(
                        """
                        INSERT INTO model_version (model, version, owner, run_id, dataset_id, dataset_sha256,
                            checkpoint, imported, specification, encoding, target, metrics, evaluation,
                            test_evaluation, parameters,
                            created_at)
                        VALUES (:model, :version, :owner, :run, :dataset, :sha256,
                            :checkpoint, :imported::json, :specification::json, :encoding::json, :target::json, :metrics::json,
                            :evaluation::json, :test::json, :parameters, :created)
                        """)
                .param("model", version.name().value())
                .param("version", version.number())
                .param("owner", version.owner().name())
                .param("run", trained == null ? null : trained.runId())
                .param("dataset", trained == null ? null : trained.datasetId())
                .param("sha256", trained == null ? null : trained.datasetSha256())
                .param("checkpoint", trained == null ? null : trained.checkpoint().orElse(null))
                .param(
                        "imported",
                        version.lineage() instanceof Lineage.Imported file
                                ? json.writeValueAsString(file)
                                : null)
                .param("specification", version.specification())
                .param("encoding", json.writeValueAsString(version.input()))
                .param("target", json.writeValueAsString(version.target()))
                .param("metrics", json.writeValueAsString(version.metrics()))
                .param(
                        "evaluation",
                        version.evaluations()
                                .validation()
                                .map(json::writeValueAsString)
                                .orElse(null))
                .param(
                        "test",
                        version.evaluations().test().map(json::writeValueAsString).orElse(null))
                .param("parameters", version.parameters())
                .param("created", Timestamp.from(version.createdAt()))
                .update();
        for (ModelFile file : version.files()) {
            jdbc.sql(
                            """
                            INSERT INTO model_file (model, version, name, sha256, size_bytes)
                            VALUES (:model, :version, :name, :sha256, :size)
                            """)
                    .param("model", version.name().value())
                    .param("version", version.number())
                    .param("name", file.name())
                    .param("sha256", file.blob().hash().hex())
                    .param("size", file.blob().sizeBytes())
                    .update();
        }
    }

    Optional<ModelVersion> find(ModelName name, int number) {
        return jdbc.sql("SELECT * FROM model_version WHERE model = :model AND version = :version")
                .param("model", name.value())
                .param("version", number)
                .query(this::version)
                .optional();
    }

    Optional<Integer> latest(ModelName name) {
        return jdbc.sql("SELECT max(version) FROM model_version WHERE model = :model")
                .param("model", name.value())
                .query((row, _) -> Optional.ofNullable(row.getObject(1, Integer.class)))
                .single();
    }

    List<Integer> numbers(ModelName name) {
        return jdbc.sql("SELECT version FROM model_version WHERE model = :model ORDER BY version")
                .param("model", name.value())
                .query(Integer.class)
                .list();
    }

    List<Models.Place> index() {
        return jdbc.sql("SELECT model, version FROM model_version ORDER BY model, version")
                .query((row, _) ->
                        new Models.Place(
                                new ModelName(row.getString("model")), row.getInt("version")))
                .list();
    }

    List<ModelVersion> versions(ModelName name, int below, int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM model_version WHERE model = :model AND version < :below
                        ORDER BY version DESC LIMIT :limit
                        """)
                .param("model", name.value())
                .param("below", below)
                .param("limit", limit)
                .query(this::version)
                .list();
    }

    /** Models in alphabetical order, after {@code name}. */
    List<Head> heads(String after, int limit) {
        return jdbc.sql(
                        """
                        SELECT model, max(version) AS latest, count(*) AS versions,
                            max(created_at) AS created_at
                        FROM model_version WHERE model > :after
                        GROUP BY model ORDER BY model LIMIT :limit
                        """)
                .param("after", after)
                .param("limit", limit)
                .query((row, _) ->
                        new Head(
                                new ModelName(row.getString("model")),
                                row.getInt("latest"),
                                row.getInt("versions"),
                                row.getTimestamp("created_at").toInstant()))
                .list();
    }

    /**
     * Until the transaction ends, nobody begins to refer to the version.
     *
     * @return whether it is there
     */
    boolean lock(ModelName name, int number) {
        return jdbc.sql(
                        """
                        SELECT 1 FROM model_version
                        WHERE model = :model AND version = :version FOR UPDATE
                        """)
                .param("model", name.value())
                .param("version", number)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void delete(ModelName name, int number) {
        jdbc.sql("DELETE FROM model_version WHERE model = :model AND version = :version")
                .param("model", name.value())
                .param("version", number)
                .update();
    }

    private ModelVersion version(ResultSet row, int index) throws SQLException {
        var name = new ModelName(row.getString("model"));
        int number = row.getInt("version");
        return new ModelVersion(
                name,
                number,
                new Owner(row.getString("owner")),
                lineage(row),
                row.getString("specification"),
                json.readValue(row.getString("encoding"), InputForm.class),
                json.readValue(row.getString("target"), Target.class),
                json.readValue(
                        row.getString("metrics"), new TypeReference<Map<String, Double>>() {}),
                new Evaluations(evaluation(row, "evaluation"), evaluation(row, "test_evaluation")),
                row.getLong("parameters"),
                files(name, number),
                row.getTimestamp("created_at").toInstant());
    }

    private Optional<Evaluation> evaluation(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column))
                .map(text -> json.readValue(text, Evaluation.class));
    }

    private Lineage lineage(ResultSet row) throws SQLException {
        String imported = row.getString("imported");
        return imported != null
                ? json.readValue(imported, Lineage.Imported.class)
                : new Lineage.Trained(
                        row.getObject("run_id", UUID.class),
                        row.getObject("dataset_id", UUID.class),
                        row.getString("dataset_sha256"),
                        Optional.ofNullable(row.getObject("checkpoint", Integer.class)));
    }

    /** The ID of a version, which never becomes another's. */
    UUID id(ModelName name, int number) {
        return jdbc.sql("SELECT id FROM model_version WHERE model = :model AND version = :version")
                .param("model", name.value())
                .param("version", number)
                .query(UUID.class)
                .single();
    }

    Optional<ModelVersion> find(UUID id) {
        return jdbc.sql("SELECT * FROM model_version WHERE id = :id")
                .param("id", id)
                .query(this::version)
                .optional();
    }

    private List<ModelFile> files(ModelName name, int number) {
        return jdbc.sql(
                        """
                        SELECT name, sha256, size_bytes FROM model_file
                        WHERE model = :model AND version = :version ORDER BY name
                        """)
                .param("model", name.value())
                .param("version", number)
                .query((row, _) ->
                        new ModelFile(
                                row.getString("name"),
                                new Blob(
                                        new Sha256(row.getString("sha256")),
                                        row.getLong("size_bytes"))))
                .list();
    }
}
