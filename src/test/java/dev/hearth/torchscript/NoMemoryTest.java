package dev.hearth.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.jni.IValueUtils;
import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.Method;
import dev.hearth.torchscript.ScriptModule.NoneValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What libtorch says when there is no memory, and that it goes on afterwards. */
class NoMemoryTest {

    private static final long MORE_THAN_THERE_IS = 1L << 50;

    @Test
    void anAllocationThatFailsTellsItsBytesAndTheProgramGoesOn() throws IOException {
        var module =
                new ScriptModule(
                        "Greedy",
                        List.of(new Attribute("generator", new NoneValue("Optional[Generator]"))),
                        List.of(
                                new Method(
                                        "forward",
                                        List.of("x"),
                                        "Tensor",
                                        List.of("return torch.zeros([int(x)], dtype=6)"))));
        var archive = new ByteArrayOutputStream();
        ModelCompiler.writeArchive(module, archive);
        try (var scope = LibTorch.newScope("cpu");
                var program = LibTorch.load(archive.toByteArray(), scope)) {
            var failure =
                    catchThrowableOfType(
                            NoMemoryException.class,
                            () ->
                                    LibTorch.call(() ->
                                            IValueUtils.forward(
                                                    program,
                                                    new NDList(scope.create(MORE_THAN_THERE_IS)),
                                                    false)));

            assertThat(failure.asked()).hasValue(4 * MORE_THAN_THERE_IS);
            NDList small =
                    LibTorch.call(() ->
                            IValueUtils.forward(program, new NDList(scope.create(3L)), false));
            small.attach(scope);
            assertThat(small.singletonOrThrow().toFloatArray()).containsExactly(0, 0, 0);
        }
    }

    @Test
    void theWordsOfCudaAreUnderstoodToo() {
        var cuda =
                new EngineException(
                        "CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total capacity of"
                                + " 7.92 GiB of which 1.20 GiB is free.");

        assertThatThrownBy(() ->
                        LibTorch.call(() -> {
                            throw cuda;
                        }))
                .isInstanceOfSatisfying(
                        NoMemoryException.class,
                        e -> assertThat(e.asked()).isEqualTo(OptionalLong.of(5L << 29)));
    }
}
