package dev.hearth.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.hearth.spec.OptimizerSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** From a program's list of tensors to an optimiser's state by PyTorch's names. */
final class OptimizerReading {

    private OptimizerReading() {}

    /**
     * @param values as {@link StepCompiler#state} lists them
     */
    static OptimizerStateDict read(
            StepCompiler steps,
            List<TensorData> values,
            List<OptimizerStateDict.GroupRates> rates) {
        double step = values.getFirst().bytes().getDouble(0);
        var rest = values.listIterator(1);
        var products = new LinkedHashMap<Integer, TensorData>();
        var groups = steps.groups().groups();
        for (int i = 0; i < groups.size(); i++) {
            if (groups.get(i).optimizer() instanceof OptimizerSpec.NAdam) {
                products.put(i, rest.next());
            }
        }
        var state = new LinkedHashMap<String, SequencedMap<String, TensorData>>();
        for (StepCompiler.Trained trained : steps.trained()) {
            var tensors = new LinkedHashMap<String, TensorData>();
            OptimizerSpec optimizer = groups.get(trained.group()).optimizer();
            if (step > 0 || optimizer instanceof OptimizerSpec.Adagrad) {
                if (!(optimizer instanceof OptimizerSpec.SGD)) {
                    tensors.put("step", OptimizerStateDict.scalar(step));
                }
                if (products.containsKey(trained.group())) {
                    tensors.put("mu_product", products.get(trained.group()));
                }
            }
            for (String name : trained.state()) {
                TensorData tensor = rest.next();
                // PyTorch's optimisers make their state in their first step, but for Adagrad.
                if (step > 0 || optimizer instanceof OptimizerSpec.Adagrad) {
                    tensors.put(name, tensor);
                }
            }
            state.put(trained.parameter().name(), tensors);
        }
        return new OptimizerStateDict(steps.groups(), rates, state);
    }

    /** A copy outside of native memory. */
    static TensorData tensor(NDArray array) {
        TensorData.Type type =
                switch (array.getDataType()) {
                    case FLOAT32 -> TensorData.Type.FLOAT32;
                    case FLOAT64 -> TensorData.Type.FLOAT64;
                    case INT64 -> TensorData.Type.INT64;
                    default -> throw new IllegalStateException("type " + array.getDataType());
                };
        List<Long> shape = java.util.Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new TensorData(type, shape, array.toByteBuffer());
    }

    /** A copy in native memory. */
    static NDArray array(TensorData tensor, NDManager manager) {
        DataType type =
                switch (tensor.type()) {
                    case FLOAT32 -> DataType.FLOAT32;
                    case FLOAT64 -> DataType.FLOAT64;
                    case INT64 -> DataType.INT64;
                };
        ByteBuffer bytes = tensor.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return manager.create(bytes, new Shape(shape), type);
    }
}
