package dev.hearth.torchscript;

import dev.hearth.spec.LossSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles the measurements of mini-batches, and the evaluation of many rows. Which {@link Need}s
 * an evaluation has is said when it is called, so that epochs measure little and the end much.
 *
 * @param outputs of the model: classes, or targets
 */
record EvaluationCompiler(Losses losses, long outputs) {

    /** Classes beyond these make no confusion matrix: it would have more cells than rows. */
    static final int MOST_CONFUSED = 1000;

    private LossSpec loss() {
        return losses.loss();
    }

    /** Before the first mini-batch. */
    List<String> begin() {
        var lines = new ArrayList<String>();
        lines.add("losses = annotate(List[Tensor], [])");
        for (int i = 0; i < Measure.of(losses).size(); i++) {
            lines.add("measure_%d = annotate(List[Tensor], [])".formatted(i));
        }
        return lines;
    }

    /** Keeps what {@link Sums#of} reads, one value a mini-batch, without waiting for the device. */
    List<String> measure() {
        var lines = new ArrayList<String>();
        lines.add("losses = torch.append(losses, torch.detach(loss))");
        int i = 0;
        for (String expression : Measure.of(losses).values()) {
            lines.add("measure_%d = torch.append(measure_%d, %s)".formatted(i, i, expression));
            i++;
        }
        return lines;
    }

    /** All that was kept: {@code [1 + measures, batches]}. */
    String measured() {
        var rows = new ArrayList<String>();
        rows.add("torch.to(torch.stack(losses), 7)");
        for (int i = 0; i < Measure.of(losses).size(); i++) {
            rows.add("torch.to(torch.stack(measure_%d), 7)".formatted(i));
        }
        return "torch.stack([" + String.join(", ", rows) + "])";
    }

    /**
     * The body of {@code evaluate(xs, ys, batch_size, needs)} or, with weights, {@code evaluate(xs,
     * ys, ws, batch_size, needs)}: {@link #measured} and then each need's tensor, in their order.
     *
     * @param before what switches the model to evaluation, and {@code after} what switches it back
     * @param input what makes the model's input of rows {@code x}, where they are not that already
     */
    List<String> evaluate(List<String> before, List<String> input, List<String> after) {
        var lines = new ArrayList<String>();
        lines.add("torch.set_grad_enabled(False)");
        lines.addAll(before);
        lines.addAll(begin());
        lines.add("flags = int(needs)");
        for (Need need : Need.values()) {
            if (isKnown(need)) {
                lines.add(
                        need == Need.SCORES
                                ? "scores = annotate(List[Tensor], [])"
                                : "%s = torch.zeros(annotate(List[int], []), dtype=%d)"
                                        .formatted(name(need), need == Need.ERRORS ? 7 : 4));
            }
        }
        lines.add("rows = torch.size(xs, 0)");
        lines.add("size = int(batch_size)");
        lines.add("batches = torch.floordiv(torch.add(rows, torch.sub(size, 1)), size)");
        lines.add("for i in range(batches):");
        lines.add("  begin = torch.mul(i, size)");
        lines.add("  end = ops.prim.min(rows, torch.add(begin, size))");
        lines.add("  x = torch.slice(xs, 0, begin, end)");
        input.forEach(line -> lines.add("  " + line));
        lines.add("  y = torch.slice(ys, 0, begin, end)");
        if (losses.weighted()) {
            lines.add("  w = torch.slice(ws, 0, begin, end)");
        }
        lines.add("  out = (self.model).forward(x, )");
        losses.lines().forEach(line -> lines.add("  " + line));
        measure().forEach(line -> lines.add("  " + line));
        for (Need need : Need.values()) {
            if (isKnown(need)) {
                lines.add("  " + asked(need));
                collect(need).forEach(line -> lines.add("    " + line));
            }
        }
        lines.addAll(after);
        lines.add("answer = [" + measured() + "]");
        for (Need need : Need.values()) {
            if (isKnown(need)) {
                lines.add(asked(need));
                lines.add(
                        "  answer = torch.append(answer, %s)"
                                .formatted(need == Need.SCORES ? "torch.cat(scores)" : name(need)));
            }
        }
        lines.add("return answer");
        return lines;
    }

    private static String asked(Need need) {
        return "if torch.ne(torch.__and__(flags, %d), 0):".formatted(need.bit());
    }

    private static String name(Need need) {
        return switch (need) {
            case TALLIES -> "tallies";
            case CONFUSION -> "confusion";
            case RANKS -> "ranks";
            case SCORES -> "scores";
            case ERRORS -> "errors";
        };
    }

    /** Whether the model's output can tell it. */
    boolean isKnown(Need need) {
        return switch (need) {
            case TALLIES, SCORES -> kind() != Kind.NUMBERS;
            case CONFUSION -> kind() != Kind.NUMBERS && classes() <= MOST_CONFUSED && !isOfLabels();
            case RANKS -> kind() == Kind.CLASSES;
            case ERRORS -> kind() == Kind.NUMBERS;
        };
    }

    private enum Kind {
        NUMBERS,
        CLASSES,
        YES_OR_NO
    }

    private Kind kind() {
        return switch (loss()) {
            case LossSpec.MSELoss _,
                    LossSpec.L1Loss _,
                    LossSpec.SmoothL1Loss _,
                    LossSpec.HuberLoss _,
                    LossSpec.PoissonNLLLoss _,
                    LossSpec.KLDivLoss _ ->
                    Kind.NUMBERS;
            case LossSpec.CrossEntropyLoss _, LossSpec.NLLLoss _ -> Kind.CLASSES;
            case LossSpec.BCELoss _,
                    LossSpec.BCEWithLogitsLoss _,
                    LossSpec.MultiLabelSoftMarginLoss _,
                    LossSpec.HingeEmbeddingLoss _,
                    LossSpec.CosineEmbeddingLoss _ ->
                    Kind.YES_OR_NO;
        };
    }

    private boolean isOfLabels() {
        return loss().task(Math.toIntExact(outputs)) == LossSpec.Task.MULTI_LABEL;
    }

    private long classes() {
        return kind() == Kind.CLASSES ? outputs : 2;
    }

    private List<String> collect(Need need) {
        return switch (need) {
            case TALLIES -> isOfLabels() ? labelTallies() : classTallies();
            case CONFUSION -> confusion();
            case RANKS -> ranks();
            case SCORES ->
                    List.of("scores = torch.append(scores, %s)".formatted(Outputs.read(loss())));
            case ERRORS ->
                    List.of(
                            "error = torch.to(torch.sub(%s, %s), 7)"
                                    .formatted(Outputs.read(loss()), Outputs.target(loss())),
                            "errors = torch.add(errors, torch.stack([torch.sum(torch.abs(error),"
                                    + " [0]), torch.sum(torch.mul(error, error), [0])]))");
        };
    }

    /** {@code said} and {@code so}: classes by index, without the rows of an ignored class. */
    private List<String> classesOfRows() {
        if (kind() == Kind.CLASSES) {
            return losses.ignores()
                    ? List.of(
                            "keep = torch.ne(y, %d)".formatted(loss().ignored()),
                            "said = torch.masked_select(torch.argmax(out, 1), keep)",
                            "so = torch.masked_select(y, keep)")
                    : List.of("said = torch.argmax(out, 1)", "so = y");
        }
        return List.of(
                "said = torch.to(torch.flatten(%s, 0, -1), 4)".formatted(Outputs.isSecond(loss())),
                "so = torch.to(torch.flatten(%s, 0, -1), 4)".formatted(Outputs.wasSecond(loss())));
    }

    private List<String> classTallies() {
        var lines = new ArrayList<>(classesOfRows());
        lines.add("both = torch.masked_select(so, torch.eq(said, so))");
        lines.add(
                ("tallies = torch.add(tallies, torch.stack([torch.bincount(so, None, %1$d),"
                                + " torch.bincount(said, None, %1$d), torch.bincount(both, None,"
                                + " %1$d)]))")
                        .formatted(classes()));
        return lines;
    }

    private List<String> labelTallies() {
        return List.of(
                "said = " + Outputs.isSecond(loss()),
                "so = " + Outputs.wasSecond(loss()),
                "tallies = torch.add(tallies, torch.stack([torch.sum(so, [0]), torch.sum(said, [0]),"
                        + " torch.sum(torch.logical_and(so, said), [0])]))");
    }

    private List<String> confusion() {
        var lines = new ArrayList<>(classesOfRows());
        lines.add(
                ("confusion = torch.add(confusion, torch.reshape(torch.bincount(torch.add(torch.mul(so,"
                                + " %1$d), said), None, %2$d), [%1$d, %1$d]))")
                        .formatted(classes(), classes() * classes()));
        return lines;
    }

    /** Of equal outputs the first is the more probable, as for argmax. */
    private List<String> ranks() {
        var lines = new ArrayList<String>();
        lines.add("own = torch.gather(out, 1, torch.unsqueeze(y, 1))");
        lines.add(
                "index = torch.arange(%d, dtype=4, layout=None, device=ops.prim.device(y))"
                        .formatted(outputs));
        lines.add(
                "before = torch.logical_and(torch.eq(out, own), torch.lt(index, torch.unsqueeze(y,"
                        + " 1)))");
        lines.add("place = torch.sum(torch.logical_or(torch.gt(out, own), before), [1])");
        if (losses.ignores()) {
            lines.add(
                    "place = torch.masked_select(place, torch.ne(y, %d))"
                            .formatted(loss().ignored()));
        }
        lines.add("ranks = torch.add(ranks, torch.bincount(place, None, %d))".formatted(outputs));
        return lines;
    }
}
