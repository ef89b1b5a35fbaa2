package dev.hearth.spec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Reads which rows are held out. */
final class SplitReader {

    private static final int MOST_FOLDS = 1000;
    private static final List<String> PARTS = List.of("train", "validation", "test");

    /** The ways of splitting, each told by a field of its own, and the fields that go with it. */
    private enum Way {
        RANDOM(""),
        GROUP("group"),
        TIME("time"),
        K_FOLD("k_fold"),
        COLUMN("column");

        private final String field;

        Way(String field) {
            this.field = field;
        }

        private List<String> others() {
            return switch (this) {
                case RANDOM -> List.of("validation", "test", "stratify");
                case GROUP, TIME -> List.of("validation", "test");
                case K_FOLD -> List.of("fold", "test", "stratify");
                case COLUMN -> PARTS;
            };
        }

        Stream<String> fields() {
            return Stream.concat(Stream.of(field), others().stream())
                    .filter(name -> !name.isEmpty());
        }
    }

    /** Every field of every way. */
    static final List<String> FIELDS =
            Stream.of(Way.values()).flatMap(Way::fields).distinct().toList();

    private final Fields fields;
    private final Optional<Objective> objective;

    private SplitReader(Fields fields, Optional<Objective> objective) {
        this.fields = fields;
        this.objective = objective;
    }

    /** The default where there is nothing, or nothing that can be used. */
    static SplitSpec read(Fields request, Optional<Objective> objective, SpecErrors errors) {
        return request.node("split")
                .flatMap(node ->
                        Fields.open(node, request.pointer("split"), "split", FIELDS, errors))
                .map(split -> new SplitReader(split, objective).split())
                .orElse(SplitSpec.Random.DEFAULT);
    }

    private SplitSpec split() {
        List<Way> ways = Stream.of(Way.values()).filter(way -> fields.has(way.field)).toList();
        if (ways.size() > 1) {
            ways.forEach(way ->
                    fields.reject(
                            way.field,
                            "rows are split in one way; leave out all but one of "
                                    + String.join(", ", ways.stream().map(w -> w.field).toList())));
            return SplitSpec.Random.DEFAULT;
        }
        Way way = ways.isEmpty() ? Way.RANDOM : ways.getFirst();
        FIELDS.stream()
                .filter(name -> fields.has(name) && way.fields().noneMatch(name::equals))
                .forEach(name -> fields.reject(name, unfit(name, way)));
        return switch (way) {
            case RANDOM -> new SplitSpec.Random(fractions(), stratify());
            case GROUP -> new SplitSpec.Grouped(fields.string("group").orElse(""), fractions());
            case TIME -> new SplitSpec.Ordered(fields.string("time").orElse(""), fractions());
            case K_FOLD -> folds();
            case COLUMN -> given();
        };
    }

    private static String unfit(String name, Way way) {
        String owners =
                String.join(
                        " or ",
                        Stream.of(Way.values())
                                .filter(each -> each != way && each.others().contains(name))
                                .map(each -> each.field.isEmpty() ? "a random split" : each.field)
                                .toList());
        return way == Way.RANDOM
                ? "it goes with %s; write that too, or leave it out".formatted(owners)
                : "it goes with %s, not with %s; leave it out".formatted(owners, way.field);
    }

    private SplitSpec.Fractions fractions() {
        double validation =
                fields.number(
                        "validation",
                        Values.Range.FRACTION,
                        SplitSpec.Random.DEFAULT.held().validation());
        double test = fields.number("test", Values.Range.FRACTION, 0);
        if (!(validation + test < 1)) {
            fields.reject(
                    fields.has("test") ? "test" : "validation",
                    "validation %s and test %s leave no rows to train on; together they are below 1"
                            .formatted(validation, test));
        }
        return new SplitSpec.Fractions(validation, test);
    }

    private SplitSpec folds() {
        long folds = fields.integer("k_fold", 2, MOST_FOLDS).orElse(MOST_FOLDS);
        long fold = fields.integer("fold", 0, MOST_FOLDS - 1).orElse(0);
        if (fold >= folds) {
            fields.reject(
                    "fold",
                    "expected 0 to %d, as folds are counted from 0 and k_fold is %d; got %d"
                            .formatted(folds - 1, folds, fold));
        }
        return new SplitSpec.KFold(
                (int) folds,
                (int) fold,
                fields.number("test", Values.Range.FRACTION, 0),
                stratify());
    }

    private SplitSpec given() {
        var given =
                new SplitSpec.Given(
                        fields.string("column").orElse(""),
                        words("train", SplitSpec.Given.TRAIN),
                        words("validation", SplitSpec.Given.VALIDATION),
                        words("test", SplitSpec.Given.TEST));
        if (given.train().isEmpty() && !fields.failed()) {
            fields.reject("train", "expected at least one word; without one no row trains");
        }
        return withoutOthers(given);
    }

    /** A word is of one part: where two are told of it, that is wrong; a default gives way. */
    private SplitSpec.Given withoutOthers(SplitSpec.Given given) {
        var told = new HashMap<String, String>();
        note("train", given.train(), told);
        note("validation", given.validation(), told);
        note("test", given.test(), told);
        return new SplitSpec.Given(
                given.parts(),
                own("train", given.train(), told),
                own("validation", given.validation(), told),
                own("test", given.test(), told));
    }

    private void note(String part, List<String> words, Map<String, String> told) {
        for (String word : fields.has(part) ? words : List.<String>of()) {
            String other = told.put(word, part);
            if (other != null) {
                fields.reject(
                        part,
                        "%s is a word of %s already; a row is in one part"
                                .formatted(Wording.quoted(word), other));
            }
        }
    }

    private List<String> own(String part, List<String> words, Map<String, String> told) {
        return words.stream()
                .filter(word -> fields.has(part) || !told.containsKey(word))
                .distinct()
                .toList();
    }

    private List<String> words(String part, List<String> otherwise) {
        return fields.list(part, "an array of words", SplitReader::word).orElse(otherwise);
    }

    private static Optional<String> word(Values values, JsonNode node, String pointer) {
        return values.string(node, pointer);
    }

    private Optional<Boolean> stratify() {
        Optional<Boolean> stratify = fields.bool("stratify");
        if (stratify.orElse(false)
                && objective.filter(known -> !known.task().hasClasses()).isPresent()) {
            Objective known = objective.get();
            fields.reject(
                    "stratify",
                    "%s predicts %s, so there are no classes to keep in proportion; leave it out"
                            .formatted(
                                    known.loss().type(),
                                    known.targets().size() > 1 ? "several columns" : "a number"));
        }
        return stratify;
    }
}
