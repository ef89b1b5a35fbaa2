package dev.hearth.torchscript;

import dev.hearth.spec.BlockInput;
import dev.hearth.spec.TransformSpec;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.TensorValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles how rows of a column of images or tensors become a model's input. The column's file is
 * mapped into memory once; rows are read from it as mini-batches need them, on the CPU, and only
 * the mini-batch goes to the device.
 *
 * @param transforms what is done to images in training
 * @param device that the model is on
 */
record BlockCode(BlockInput input, List<TransformSpec> transforms, String device) {

    /** The name of the method that maps the file. */
    static final String MAP = "map_block";

    /** The name of the method that tells where rows are in the file. */
    static final String SPANS = "block_spans";

    private static final int INT64 = 4;
    private static final String CPU = "torch.device(\"cpu\")";

    /** Of the trainer: views of the mapped file, set by {@link #MAP}. */
    List<Attribute> attributes() {
        var none = new TensorValue(TensorData.zeros(List.of(0L)));
        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("block_values", none));
        attributes.add(new Attribute("block_offsets", none));
        attributes.add(new Attribute("block_sizes", none));
        if (SpareNormal.isNeeded(transforms)) {
            attributes.addAll(SpareNormal.attributes());
        }
        return attributes;
    }

    /** Of the trainer. */
    List<Method> methods() {
        var methods = new ArrayList<Method>();
        if (SpareNormal.isNeeded(transforms)) {
            methods.add(SpareNormal.method());
        }
        methods.addAll(loading());
        return methods;
    }

    private List<Method> loading() {
        return List.of(
                new Method(
                        MAP,
                        List.of("path: str", "shared: bool", "places: List[int]"),
                        "Tensor",
                        map()),
                new Method(SPANS, List.of("xs", "order", "first", "end"), "Tensor", spans()),
                new Method("block_image", List.of("row: int"), "Tensor", image()),
                new Method("training_image", List.of("x"), "Tensor", trainingImage()),
                new Method("rows_for_training", List.of("rows"), "Tensor", rowsForTraining()),
                new Method("rows_for_evaluation", List.of("rows"), "Tensor", rows()));
    }

    /** From the numbers of rows {@code x} to what the model takes, in training. */
    static List<String> training() {
        return List.of("x = self.rows_for_training(x, )");
    }

    /** From the numbers of rows {@code x} to what the model takes, in evaluation. */
    static List<String> evaluation() {
        return List.of("x = self.rows_for_evaluation(x, )");
    }

    /**
     * The body of {@code preprocess(raw)}: cells {@code [N, shape…]} as they are stored, to what
     * the model takes.
     */
    static List<String> preprocess(BlockInput input) {
        return switch (input.kind()) {
            case IMAGE -> {
                var lines = new ArrayList<String>();
                lines.add("x = raw");
                // Nothing is drawn, so there is no need of a generator.
                lines.addAll(TransformCode.lines(input.picture(), input.transforms(), "None"));
                lines.add("return x");
                yield lines;
            }
            case TENSOR -> List.of("return torch.to(raw, 6)");
        };
    }

    /**
     * {@code places} are, for each tensor that is wanted, how many of its elements the file would
     * hold, and where among them it begins and ends. A file cannot be mapped from its middle, and a
     * view of another type is a copy in TorchScript, so each tensor has a mapping of its own. The
     * answer is the first of the values, which tells where they are in memory.
     */
    private List<String> map() {
        var lines = new ArrayList<String>();
        if (input.varies()) {
            lines.add("self.block_values = " + tensor(0, code()));
            lines.add("self.block_offsets = " + tensor(1, INT64));
            lines.add("self.block_sizes = torch.reshape(%s, [-1, 2])".formatted(tensor(2, INT64)));
        } else {
            lines.add(
                    "self.block_values = torch.reshape(%s, %s)"
                            .formatted(tensor(0, code()), extents("-1", input.shape())));
        }
        lines.add("return torch.slice(torch.reshape(self.block_values, [-1]), 0, 0, 1)");
        return lines;
    }

    /** Where rows begin and end among the values: {@code [rows, 2]}. */
    private List<String> spans() {
        var lines = new ArrayList<String>();
        lines.add("places = torch.slice(order, 0, int(first), int(end))");
        lines.add("rows = torch.to(torch.index_select(xs, 0, places), " + CPU + ")");
        if (input.varies()) {
            lines.add("begins = torch.index_select(self.block_offsets, 0, rows)");
            lines.add("ends = torch.index_select(self.block_offsets, 0, torch.add(rows, 1))");
        } else {
            long width = input.shape().stream().reduce(1L, Math::multiplyExact);
            lines.add("begins = torch.mul(rows, " + width + ")");
            lines.add("ends = torch.add(begins, " + width + ")");
        }
        lines.add("return torch.stack([begins, ends], 1)");
        return lines;
    }

    private static String tensor(int number, int code) {
        int first = 3 * number;
        return "torch.slice(torch.from_file(path, shared, places[%d], dtype=%d), 0, places[%d], places[%d])"
                .formatted(first, code, first + 1, first + 2);
    }

    private static String extents(String first, List<Long> others) {
        var text = new StringBuilder("[").append(first);
        others.forEach(extent -> text.append(", ").append(extent));
        return text.append("]").toString();
    }

    /** One image, with its own random draws. */
    private List<String> trainingImage() {
        var lines = new ArrayList<String>();
        if (input.kind() == BlockInput.Kind.IMAGE) {
            lines.addAll(TransformCode.lines(input.picture(), transforms, "self.generator"));
        }
        lines.add("return x");
        return lines;
    }

    /**
     * As a {@code DataLoader} without workers does it: image after image, with all its transforms.
     */
    private List<String> rowsForTraining() {
        if (transforms.equals(input.transforms())) {
            return rows();
        }
        return List.of(
                "numbers = torch.to(rows, " + CPU + ")",
                "parts = annotate(List[Tensor], [])",
                "for place in range(torch.size(numbers, 0)):",
                "  row = int(torch.select(numbers, 0, place))",
                input.varies()
                        ? "  image = self.block_image(row, )"
                        : "  image = torch.select(self.block_values, 0, row)",
                "  part = self.training_image(image, )",
                "  parts = torch.append(parts, part)",
                "return torch.to(torch.stack(parts), torch.device(\"" + device + "\"))");
    }

    private List<String> rows() {
        var lines = new ArrayList<String>();
        lines.add("numbers = torch.to(rows, " + CPU + ")");
        if (input.varies()) {
            lines.add("parts = annotate(List[Tensor], [])");
            lines.add("for i in range(torch.size(numbers, 0)):");
            lines.add("  row = int(torch.select(numbers, 0, i))");
            lines.add("  image = self.block_image(row, )");
            lines.add("  part = (self.model).preprocess(torch.unsqueeze(image, 0), )");
            lines.add("  parts = torch.append(parts, part)");
            lines.add("x = torch.cat(parts, 0)");
        } else {
            lines.add("raw = torch.index_select(self.block_values, 0, numbers)");
            lines.add("x = (self.model).preprocess(raw, )");
        }
        lines.add("return torch.to(x, torch.device(\"" + device + "\"))");
        return lines;
    }

    /** The image of a row {@code [channels, height, width]}, where images differ in size. */
    private List<String> image() {
        return List.of(
                "begin = int(torch.select(self.block_offsets, 0, row))",
                "end = int(torch.select(self.block_offsets, 0, torch.add(row, 1)))",
                "size = torch.select(self.block_sizes, 0, row)",
                "height = int(torch.select(size, 0, 0))",
                "width = int(torch.select(size, 0, 1))",
                "values = torch.slice(self.block_values, 0, begin, end)",
                "return torch.reshape(values, [%d, height, width])"
                        .formatted(input.shape().getFirst()));
    }

    /** libtorch's number of the element type. */
    private int code() {
        return switch (input.dtype()) {
            case UINT8 -> 0;
            case INT8 -> 1;
            case INT16 -> 2;
            case INT32 -> 3;
            case INT64 -> INT64;
            case FLOAT16 -> 5;
            case FLOAT32 -> 6;
            case FLOAT64 -> 7;
            case BOOL -> 11;
            case BFLOAT16 -> 15;
        };
    }
}
