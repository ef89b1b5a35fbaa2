package dev.hearth.python;

import dev.hearth.python.Expression.Call;
import dev.hearth.spec.Attention;
import dev.hearth.spec.Convolution;
import dev.hearth.spec.Convolution.Window;
import dev.hearth.spec.Normalization;
import dev.hearth.spec.Pooling;
import dev.hearth.spec.Projection;
import dev.hearth.spec.Recurrent;
import dev.hearth.spec.Reshaping;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Writes layers of PyTorch as the calls that construct them. Where a module of {@code torch.nn}
 * takes or returns more than one tensor, a class of its own stands between it and a chain.
 */
record LeafCode(PythonFile file) {

    Expression of(Projection projection) {
        return switch (projection) {
            case Projection.Linear linear ->
                    Call.of("nn.Linear", linear.inFeatures().orElseThrow(), linear.outFeatures())
                            .unless(true, "bias", linear.bias());
            case Projection.Bilinear bilinear ->
                    Call.of(
                                    "nn.Bilinear",
                                    bilinear.in1Features().orElseThrow(),
                                    bilinear.in2Features().orElseThrow(),
                                    bilinear.outFeatures())
                            .unless(true, "bias", bilinear.bias());
            case Projection.Embedding(long rows, long width, OptionalInt padding) -> {
                file.define(
                        "Embedding",
                        """
                        class Embedding(nn.Embedding):
                            def forward(self, x):
                                return super().forward(x.long())
                        """);
                Call call = Call.of("Embedding", rows, width);
                yield padding.isPresent() ? call.with("padding_idx", padding.getAsInt()) : call;
            }
        };
    }

    static Expression of(Convolution convolution) {
        Window window = convolution.window();
        Call call =
                Call.of(
                                "nn." + convolution.type(),
                                convolution.inChannels().orElseThrow(),
                                convolution.outChannels(),
                                Expression.each(window.kernelSize()))
                        .unless(Expression.of(1L), "stride", Expression.each(window.stride()));
        return switch (convolution) {
            case Convolution.Conv conv ->
                    common(
                                    conv.padding() == Convolution.Padding.SAME
                                            ? call.with("padding", Literal.of("same"))
                                            : padded(call, window),
                                    conv)
                            .unless(
                                    Literal.of(Convolution.PaddingMode.ZEROS.word),
                                    "padding_mode",
                                    Literal.of(conv.paddingMode().word));
            case Convolution.ConvTranspose transpose ->
                    common(
                            padded(call, window)
                                    .unless(
                                            Expression.of(0L),
                                            "output_padding",
                                            Expression.each(transpose.outputPadding())),
                            transpose);
        };
    }

    private static Call padded(Call call, Window window) {
        return call.unless(Expression.of(0L), "padding", Expression.each(window.padding()));
    }

    private static Call common(Call call, Convolution convolution) {
        return call.unless(
                        Expression.of(1L),
                        "dilation",
                        Expression.each(convolution.window().dilation()))
                .unless(1L, "groups", convolution.groups())
                .unless(true, "bias", convolution.bias());
    }

    static Expression of(Pooling pooling) {
        String type = "nn." + pooling.type();
        return switch (pooling) {
            case Pooling.MaxPool(Window window, boolean ceil) ->
                    slide(type, window)
                            .unless(
                                    Expression.of(1L),
                                    "dilation",
                                    Expression.each(window.dilation()))
                            .unless(false, "ceil_mode", ceil);
            case Pooling.AvgPool avg -> {
                Call call =
                        slide(type, avg.window())
                                .unless(false, "ceil_mode", avg.ceilMode())
                                .unless(true, "count_include_pad", avg.countIncludePad());
                yield avg.divisorOverride().isPresent()
                        ? call.with("divisor_override", avg.divisorOverride().getAsLong())
                        : call;
            }
            case Pooling.AdaptiveAvgPool(List<Long> size) -> Call.of(type, Expression.each(size));
            case Pooling.AdaptiveMaxPool(List<Long> size) -> Call.of(type, Expression.each(size));
        };
    }

    private static Call slide(String type, Window window) {
        Expression kernel = Expression.each(window.kernelSize());
        return padded(
                Call.of(type, kernel).unless(kernel, "stride", Expression.each(window.stride())),
                window);
    }

    static Expression of(Normalization normalization) {
        String type = "nn." + normalization.type();
        return switch (normalization) {
            case Normalization.BatchNorm norm -> tracking(type, norm, true, true);
            case Normalization.InstanceNorm2d norm -> tracking(type, norm, false, false);
            case Normalization.LayerNorm norm ->
                    Call.of(
                                    type,
                                    norm.normalizedShape().size() == 1
                                            ? norm.normalizedShape().getFirst()
                                            : Expression.tuple(norm.normalizedShape()))
                            .unless(1e-5, "eps", norm.eps())
                            .unless(true, "elementwise_affine", norm.elementwiseAffine())
                            .unless(true, "bias", norm.bias());
            case Normalization.GroupNorm norm ->
                    Call.of(type, norm.numGroups(), norm.numChannels().orElseThrow())
                            .unless(1e-5, "eps", norm.eps())
                            .unless(true, "affine", norm.affine());
        };
    }

    private static Expression tracking(
            String type, Normalization.Tracking norm, boolean affine, boolean track) {
        OptionalDouble momentum = norm.momentum();
        Call call = Call.of(type, norm.numFeatures().orElseThrow()).unless(1e-5, "eps", norm.eps());
        call =
                momentum.isPresent()
                        ? call.unless(0.1, "momentum", momentum.getAsDouble())
                        : call.with("momentum", "None");
        return call.unless(affine, "affine", norm.affine())
                .unless(track, "track_running_stats", norm.trackRunningStats());
    }

    Expression of(Recurrent recurrent) {
        String base = recurrent.type();
        String name =
                switch (recurrent.output()) {
                    case SEQUENCE -> "Sequence";
                    case LAST -> "Last";
                    case HIDDEN -> recurrent.bidirectional() ? "BothHidden" : "Hidden";
                };
        String hidden = recurrent.cell() == Recurrent.Cell.LSTM ? "state[0]" : "state";
        String result =
                switch (recurrent.output()) {
                    case SEQUENCE -> "return output";
                    case LAST -> "return output[:, -1]";
                    case HIDDEN ->
                            recurrent.bidirectional()
                                    ? "return torch.cat([%s[-2], %s[-1]], 1)"
                                            .formatted(hidden, hidden)
                                    : "return %s[-1]".formatted(hidden);
                };
        if (result.contains("torch.")) {
            file.require(PythonFile.Import.TORCH);
        }
        file.define(
                name + base,
                """
                class %s(nn.%s):
                    def forward(self, x):
                        output, state = super().forward(x)
                        %s
                """
                        .formatted(name + base, base, result));
        return Call.of(name + base, recurrent.inputSize().orElseThrow(), recurrent.hiddenSize())
                .unless(1, "num_layers", recurrent.numLayers())
                .unless(
                        false,
                        "nonlinearity",
                        recurrent.cell() == Recurrent.Cell.RNN_RELU ? Literal.of("relu") : false)
                .unless(true, "bias", recurrent.bias())
                .with("batch_first", true)
                .unless(0.0, "dropout", recurrent.dropout())
                .unless(false, "bidirectional", recurrent.bidirectional());
    }

    /**
     * @param inputs 1 where a sequence attends to itself
     */
    Expression of(Attention attention, int inputs) {
        return switch (attention) {
            case Attention.MultiheadAttention multi -> {
                boolean self = inputs == 1;
                String name = self ? "SelfAttention" : "Attention";
                String taken = self ? "x" : "query, key, value";
                file.define(
                        name,
                        """
                        class %s(nn.MultiheadAttention):
                            def forward(self, %s):
                                return super().forward(%s, need_weights=False)[0]
                        """
                                .formatted(name, taken, self ? "x, x, x" : taken));
                yield Call.of(name, multi.embedDim().orElseThrow(), multi.numHeads())
                        .unless(0.0, "dropout", multi.dropout())
                        .unless(true, "bias", multi.bias())
                        .with("batch_first", true);
            }
            case Attention.TransformerEncoderLayer encoder ->
                    Call.of(
                                    "nn.TransformerEncoderLayer",
                                    encoder.dModel().orElseThrow(),
                                    encoder.nhead())
                            .unless(2048L, "dim_feedforward", encoder.dimFeedforward())
                            .unless(0.1, "dropout", encoder.dropout())
                            .unless(
                                    false,
                                    "activation",
                                    encoder.gelu() ? Literal.of("gelu") : false)
                            .unless(1e-5, "layer_norm_eps", encoder.layerNormEps())
                            .with("batch_first", true)
                            .unless(false, "norm_first", encoder.normFirst())
                            .unless(true, "bias", encoder.bias());
        };
    }

    static Expression of(Reshaping reshaping) {
        return switch (reshaping) {
            case Reshaping.Identity _ -> Call.of("nn.Identity");
            case Reshaping.Flatten(int start, int end) ->
                    Call.of("nn.Flatten").unless(1, "start_dim", start).unless(-1, "end_dim", end);
            case Reshaping.Unflatten(int dim, List<Long> size) ->
                    Call.of("nn.Unflatten", dim, Expression.tuple(size));
            case Reshaping.Upsample upsample -> {
                Call call = Call.of("nn.Upsample");
                call =
                        upsample.scaleFactor().isEmpty()
                                ? call.with("size", Expression.each(upsample.size()))
                                : call.with(
                                        "scale_factor",
                                        Expression.tuple(
                                                upsample.scaleFactor().stream()
                                                        .mapToDouble(Double::doubleValue)
                                                        .toArray()));
                yield upsample.mode() == Reshaping.Upsample.Mode.NEAREST
                        ? call
                        : call.with("mode", Literal.of("bilinear"))
                                .unless(false, "align_corners", upsample.alignCorners());
            }
            case Reshaping.ZeroPad2d pad ->
                    Call.of(
                            "nn.ZeroPad2d",
                            Expression.each(
                                    List.of(pad.left(), pad.right(), pad.top(), pad.bottom())));
            case Reshaping.PixelShuffle(long factor) -> Call.of("nn.PixelShuffle", factor);
        };
    }
}
