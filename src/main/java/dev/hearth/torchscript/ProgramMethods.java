package dev.hearth.torchscript;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The methods of a loaded program. */
final class ProgramMethods {

    private final PtNDManager scope;
    private final PtSymbolBlock program;
    private final Map<String, NDArray> names = new HashMap<>();

    /**
     * @param scope which the names are kept in, and calls work under
     */
    ProgramMethods(PtNDManager scope, PtSymbolBlock program) {
        this.scope = scope;
        this.program = program;
    }

    /** A call that trains: with gradients, and tensors as arguments. */
    Call call(String method) {
        return new Call(method);
    }

    /** Runs a method without gradients; the caller closes the answer. */
    IValue run(String method, IValue... arguments) {
        return LibTorch.call(() -> IValueUtils.runMethod(program, method, arguments));
    }

    /** One call of a method, and the native memory of its arguments and results. */
    final class Call implements AutoCloseable {
        private final PtNDManager own = scope.newSubManager(scope.getDevice());
        private final NDList arguments = new NDList();

        private Call(String method) {
            // The first array names the method and is not passed on.
            arguments.add(names.computeIfAbsent(method, this::nameOf));
        }

        private NDArray nameOf(String method) {
            NDArray name = scope.create(0);
            name.setName("module_method:" + method);
            return name;
        }

        Call with(NDArray argument) {
            arguments.add(argument);
            return this;
        }

        Call with(List<NDArray> several) {
            several.forEach(arguments::add);
            return this;
        }

        Call with(long argument) {
            return with(own.create(argument));
        }

        Call with(double[] values, Shape shape) {
            return with(own.create(values, shape));
        }

        Call withOnCpu(long[] values) {
            return with(own.newSubManager(Device.cpu()).create(values));
        }

        Call withOnCpu(StepRates rates) {
            int columns = rates.values().length / rates.steps();
            var shape = new Shape(rates.steps(), columns);
            return with(own.newSubManager(Device.cpu()).create(rates.values(), shape));
        }

        NDList run() {
            NDList results = LibTorch.call(() -> IValueUtils.forward(program, arguments, true));
            results.attach(own);
            return results;
        }

        @Override
        public void close() {
            own.close();
        }
    }
}
