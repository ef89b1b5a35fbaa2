package dev.hearth.serving;

import dev.hearth.model.Alias;
import dev.hearth.model.AliasChange;
import dev.hearth.model.AliasSetting;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An alias as its readers see it.
 *
 * @param revision counts its settings, and is its ETag
 * @param versions that share its requests
 * @param shadow that is asked the same; null where there is none
 * @param changedBy the name before the key of whoever set it
 * @param history its former settings, newest first
 */
@Schema(name = "Alias")
record AliasView(
        String model,
        String alias,
        int revision,
        List<AliasSetting.Route> versions,
        @Nullable ShadowView shadow,
        String changedBy,
        Instant changedAt,
        List<FormerView> history) {

    /** A version that is asked the same. */
    @Schema(name = "AliasShadowSetting")
    record ShadowView(int version, double fraction, @Nullable Double tolerance) {

        static @Nullable ShadowView of(Optional<AliasSetting.Shadow> shadow) {
            return shadow.map(each ->
                            new ShadowView(
                                    each.version(),
                                    each.fraction(),
                                    each.tolerance().orElse(null)))
                    .orElse(null);
        }
    }

    /**
     * A setting that the alias had.
     *
     * @param deleted whether there was no such alias then
     */
    @Schema(name = "FormerAlias")
    record FormerView(
            int revision,
            boolean deleted,
            List<AliasSetting.Route> versions,
            @Nullable ShadowView shadow,
            String changedBy,
            Instant changedAt) {

        static FormerView of(AliasChange change) {
            return new FormerView(
                    change.revision(),
                    change.setting().isEmpty(),
                    change.setting().map(AliasSetting::routes).orElse(List.of()),
                    ShadowView.of(change.setting().flatMap(AliasSetting::shadow)),
                    change.changedBy().name(),
                    change.changedAt());
        }
    }

    static AliasView of(Alias alias, List<AliasChange> changes) {
        return new AliasView(
                alias.model().value(),
                alias.name().value(),
                alias.revision(),
                alias.setting().routes(),
                ShadowView.of(alias.setting().shadow()),
                alias.changedBy().name(),
                alias.changedAt(),
                changes.stream()
                        .filter(change -> change.revision() < alias.revision())
                        .map(FormerView::of)
                        .toList());
    }
}
