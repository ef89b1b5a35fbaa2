package dev.hearth.torchscript;

import dev.hearth.spec.TransformSpec;
import dev.hearth.spec.TransformSpec.Interpolation;

/** Compiles {@code F.rotate}. */
record RotationCode(TransformLines out) {

    /** {@code F.rotate} around the middle: the inverse map, a grid of places, and their values. */
    void rotate(TransformSpec.RandomRotation rotation, boolean isFloat) {
        out.line(
                "angle = torch.radians(torch.neg(float(%s)))"
                        .formatted(out.uniform(rotation.degrees())));
        out.line("c = torch.cos(angle)");
        out.line("s = torch.sin(angle)");
        out.line("h = torch.size(x, -2)");
        out.line("w = torch.size(x, -1)");
        out.line(
                "theta = torch.reshape(torch.tensor([c, s, 0., torch.neg(s), c, 0.], dtype=%d), [1, 2, 3])"
                        .formatted(TransformLines.FLOAT32));
        if (rotation.expand()) {
            expandedSize();
        } else {
            out.line("oh = h");
            out.line("ow = w");
        }
        out.line("base = torch.empty([1, oh, ow, 3], dtype=%d)".formatted(TransformLines.FLOAT32));
        out.line("_ = torch.copy_(torch.select(base, -1, 0), %s)".formatted(places("ow")));
        out.line(
                "_ = torch.copy_(torch.select(base, -1, 1), torch.unsqueeze(%s, -1))"
                        .formatted(places("oh")));
        out.line("_ = torch.fill_(torch.select(base, -1, 2), 1)");
        out.line(
                "scaled = torch.div(torch.transpose(theta, 1, 2), torch.tensor([torch.mul(0.5, w), torch.mul(0.5, h)], dtype=%d))"
                        .formatted(TransformLines.FLOAT32));
        out.line(
                "grid = torch.to(torch.reshape(torch.bmm(torch.reshape(base, [1, torch.mul(oh, ow), 3]), scaled), [1, oh, ow, 2]), ops.prim.device(x))");
        out.line("f = torch.unsqueeze(torch.to(x, %d), 0)".formatted(TransformLines.FLOAT32));
        out.line("f = torch.cat([f, torch.ones_like(torch.slice(f, 1, 0, 1))], 1)");
        out.line(
                "f = torch.squeeze(torch.grid_sampler(f, grid, %d, 0, False), 0)"
                        .formatted(rotation.interpolation() == Interpolation.NEAREST ? 1 : 0));
        out.line("mask = torch.slice(f, 0, -1)");
        out.line("f = torch.slice(f, 0, 0, -1)");
        String filled =
                rotation.interpolation() == Interpolation.NEAREST
                        ? "f = torch.where(torch.lt(mask, 0.5), torch.full_like(f, %s), f)"
                        : "f = torch.add(torch.mul(f, mask), torch.mul(torch.rsub(mask, 1.), %s))";
        out.line(filled.formatted(rotation.fill()));
        out.line(isFloat ? "x = f" : "x = torch.to(torch.round(f), " + TransformLines.UINT8 + ")");
    }

    private static String places(String extent) {
        return "torch.linspace(torch.add(torch.mul(torch.neg(%1$s), 0.5), 0.5), torch.sub(torch.add(torch.mul(%1$s, 0.5), 0.5), 1), %1$s)"
                .formatted(extent);
    }

    /** {@code _compute_affine_output_size}. */
    private void expandedSize() {
        out.line("hh = torch.mul(0.5, h)");
        out.line("hw = torch.mul(0.5, w)");
        out.line(
                "points = torch.tensor([torch.neg(hw), torch.neg(hh), 1., torch.neg(hw), hh, 1., hw, hh, 1., hw, torch.neg(hh), 1.], dtype=%d)"
                        .formatted(TransformLines.FLOAT32));
        out.line(
                "points = torch.matmul(torch.reshape(points, [4, 3]), torch.t(torch.squeeze(theta, 0)))");
        out.line("shift = torch.tensor([hw, hh], dtype=%d)".formatted(TransformLines.FLOAT32));
        out.line("least = torch.add(torch.amin(points, [0]), shift)");
        out.line("most = torch.add(torch.amax(points, [0]), shift)");
        out.line(
                "extent = torch.sub(torch.ceil(torch.mul(torch.trunc(torch.div(most, 0.0001)), 0.0001)), torch.floor(torch.mul(torch.trunc(torch.div(least, 0.0001)), 0.0001)))");
        out.line("ow = int(torch.select(extent, 0, 0))");
        out.line("oh = int(torch.select(extent, 0, 1))");
    }
}
