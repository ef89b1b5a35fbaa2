package dev.hearth.torchscript;

import dev.hearth.spec.Attention;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiles attention as {@code torch.nn.functional.multi_head_attention_forward} does without
 * weights, and {@code TransformerEncoderLayer} as its {@code forward} in training does. PyTorch has
 * fused operators for evaluation, whose last bits differ.
 */
record AttentionCode(NoiseCode noise) {

    List<String> forward(Attention attention, boolean fromGraph) {
        var lines = new ArrayList<String>();
        switch (attention) {
            case Attention.MultiheadAttention multi -> {
                if (fromGraph) {
                    projectApart(multi, lines);
                } else {
                    projectTogether(multi, "self.", "x", lines);
                }
                attend(multi, "self.", "y", lines);
                lines.add("return y");
            }
            case Attention.TransformerEncoderLayer encoder -> encoder(encoder, lines);
        }
        return lines;
    }

    private void encoder(Attention.TransformerEncoderLayer encoder, List<String> lines) {
        if (encoder.normFirst()) {
            lines.add("a = " + norm(encoder, "norm1", "x"));
            attendTo("a", encoder, lines);
            lines.add("x = torch.add(x, y)");
            lines.add("a = " + norm(encoder, "norm2", "x"));
            feedForward("a", encoder, lines);
            lines.add("return torch.add(x, y)");
        } else {
            attendTo("x", encoder, lines);
            lines.add("x = " + norm(encoder, "norm1", "torch.add(x, y)"));
            feedForward("x", encoder, lines);
            lines.add("return " + norm(encoder, "norm2", "torch.add(x, y)"));
        }
    }

    private void attendTo(
            String value, Attention.TransformerEncoderLayer encoder, List<String> lines) {
        projectTogether(encoder, "self.self_attn.", value, lines);
        attend(encoder, "self.self_attn.", "y", lines);
        lines.addAll(noise.dropout("y", "y", encoder.dropout()));
    }

    private void feedForward(
            String value, Attention.TransformerEncoderLayer encoder, List<String> lines) {
        lines.add("f = " + linear(encoder, "self.linear1.", value));
        lines.add(encoder.gelu() ? "f = torch.gelu(f)" : "f = torch.relu(f)");
        lines.addAll(noise.dropout("f", "f", encoder.dropout()));
        lines.add("y = " + linear(encoder, "self.linear2.", "f"));
        lines.addAll(noise.dropout("y", "y", encoder.dropout()));
    }

    private static String linear(Attention attention, String prefix, String value) {
        return "torch.linear(%s, %sweight, %s)"
                .formatted(value, prefix, attention.bias() ? prefix + "bias" : "None");
    }

    private static String norm(
            Attention.TransformerEncoderLayer encoder, String name, String value) {
        return "torch.layer_norm(%s, [%d], self.%s.weight, %s, %s, True)"
                .formatted(
                        value,
                        encoder.width().orElseThrow(),
                        name,
                        encoder.bias() ? "self." + name + ".bias" : "None",
                        encoder.layerNormEps());
    }

    /**
     * Query, key and value of one sequence {@code [N, L, E]} as {@code q}, {@code k}, {@code v}.
     */
    private static void projectTogether(
            Attention attention, String prefix, String value, List<String> lines) {
        lines.add("t = torch.transpose(%s, 1, 0)".formatted(value));
        lines.add("steps = torch.size(t, 0)");
        lines.add("sources = steps");
        lines.add("rows = torch.size(t, 1)");
        lines.add(
                "packed = torch.unflatten(torch.linear(t, %sin_proj_weight, %s), -1, [3, %d])"
                        .formatted(
                                prefix,
                                attention.bias() ? prefix + "in_proj_bias" : "None",
                                attention.width().orElseThrow()));
        lines.add(
                "packed = torch.contiguous(torch.squeeze(torch.transpose(torch.unsqueeze(packed, 0),"
                        + " 0, -2), -2))");
        lines.add("q = torch.select(packed, 0, 0)");
        lines.add("k = torch.select(packed, 0, 1)");
        lines.add("v = torch.select(packed, 0, 2)");
    }

    /** The same of {@code query}, {@code key} and {@code value}. */
    private static void projectApart(Attention attention, List<String> lines) {
        lines.add("steps = torch.size(query, 1)");
        lines.add("sources = torch.size(key, 1)");
        lines.add("rows = torch.size(query, 0)");
        lines.add("weights = torch.chunk(self.in_proj_weight, 3)");
        if (attention.bias()) {
            lines.add("biases = torch.chunk(self.in_proj_bias, 3)");
        }
        int index = 0;
        for (String name : List.of("query", "key", "value")) {
            lines.add(
                    "%s = torch.linear(torch.transpose(%s, 1, 0), weights[%d], %s)"
                            .formatted(
                                    name.charAt(0),
                                    name,
                                    index,
                                    attention.bias() ? "biases[" + index + "]" : "None"));
            index++;
        }
    }

    /** From {@code q}, {@code k}, {@code v}, steps first, to the result {@code [N, L, E]}. */
    private void attend(Attention attention, String prefix, String result, List<String> lines) {
        long width = attention.width().orElseThrow();
        long heads = attention.heads();
        for (String name : List.of("q", "k", "v")) {
            String steps = name.equals("q") ? "steps" : "sources";
            lines.add(
                    "%s = torch.transpose(torch.view(%s, [%s, torch.mul(rows, %d), %d]), 0, 1)"
                            .formatted(name, name, steps, heads, width / heads));
            lines.add(
                    "%s = torch.view(%s, [rows, %d, %s, %d])"
                            .formatted(name, name, heads, steps, width / heads));
        }
        lines.addAll(weigh(attention.dropout()));
        lines.add(
                "m = torch.view(torch.contiguous(torch.permute(m, [2, 0, 1, 3])), [torch.mul(rows,"
                        + " steps), "
                        + width
                        + "])");
        lines.add("m = " + linear(attention, prefix + "out_proj.", "m"));
        lines.add(
                "%s = torch.transpose(torch.view(m, [steps, rows, %d]), 1, 0)"
                        .formatted(result, width));
    }

    /** With dropout, the steps of {@code at::native::_scaled_dot_product_attention_math}. */
    private List<String> weigh(double dropout) {
        String fused = "m = torch.scaled_dot_product_attention(q, k, v, None, %s)";
        if (dropout == 0) {
            return List.of(fused.formatted("0."));
        }
        return switch (noise.randomness()) {
            case PROCESS ->
                    List.of(
                            "if self.training:",
                            "  " + fused.formatted(dropout),
                            "else:",
                            "  " + fused.formatted("0."));
            case RUN -> {
                var lines = new ArrayList<String>();
                lines.add("if self.training:");
                lines.add(
                        "  scale = torch.pow(torch.div(1., torch.pow(float(torch.size(q, -1)), 0.5)),"
                                + " 0.5)");
                lines.add(
                        "  w = torch._safe_softmax(torch.matmul(torch.mul(q, scale),"
                                + " torch.mul(torch.transpose(k, -2, -1), scale)), -1)");
                noise.dropout("w", "w", dropout).forEach(line -> lines.add("  " + line));
                lines.add("  m = torch.matmul(w, v)");
                lines.add("else:");
                lines.add("  " + fused.formatted("0."));
                yield lines;
            }
        };
    }
}
