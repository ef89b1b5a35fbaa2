package dev.hearth.python;

import dev.hearth.python.PythonFile.Import;
import dev.hearth.spec.BlockInput;

/** Writes how an image or a tensor becomes a model's input: {@code encode}. */
final class BlockCells {

    private BlockCells() {}

    static void define(BlockInput input, PythonFile file) {
        switch (input.kind()) {
            case IMAGE -> {
                file.require(Import.IMAGE, Import.VISION);
                file.constant("TRANSFORM", VisionCode.compose(input.transforms()));
                file.define(
                        "encode",
                        """
                        def encode(path):
                            \"""The image of a file as the model takes it.\"""
                            return TRANSFORM(Image.open(path).convert("%s"))
                        """
                                .formatted(mode(input)));
            }
            case TENSOR ->
                    file.define(
                            "encode",
                            """
                            def encode(row):
                                \"""Nested lists as the model takes them.\"""
                                return torch.tensor(row, dtype=torch.float32)
                            """);
        }
    }

    /** Statements that make {@code rows} of what the file was called with. */
    static String statements(BlockInput input, PythonFile file) {
        return switch (input.kind()) {
            case IMAGE -> "rows = arguments\n";
            case TENSOR -> {
                file.require(Import.JSON);
                yield """
                with open(arguments[0]) as text:
                    rows = json.load(text)["rows"]
                """;
            }
        };
    }

    /** Pillow's name of the colours. */
    static String mode(BlockInput input) {
        return input.shape().getFirst() == 1 ? "L" : "RGB";
    }
}
