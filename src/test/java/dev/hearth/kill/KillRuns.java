package dev.hearth.kill;

import java.util.List;

/** Runs with everything that keeps something: four kinds, each with a result of its own. */
final class KillRuns {

    static final int VARIANTS = 4;

    private static final List<String> OPTIMIZERS =
            List.of(
                    "{\"type\": \"Adam\", \"lr\": 0.003}",
                    "{\"type\": \"SGD\", \"lr\": 0.05, \"momentum\": 0.9}",
                    "{\"type\": \"RMSprop\", \"lr\": 0.001, \"momentum\": 0.5}",
                    "{\"type\": \"AdamW\", \"lr\": 0.003, \"amsgrad\": true}");

    private static final List<String> SCHEDULERS =
            List.of(
                    "{\"type\": \"OneCycleLR\", \"max_lr\": 0.01, \"interval\": \"step\"}",
                    "{\"type\": \"ReduceLROnPlateau\", \"patience\": 2}",
                    "{\"type\": \"StepLR\", \"step_size\": 10}",
                    "{\"type\": \"CosineAnnealingWarmRestarts\", \"T_0\": 7}");

    private KillRuns() {}

    /** With a checkpoint after each epoch, on the sample {@code digits}. */
    static String request(String dataset, int variant, int epochs) {
        int kind = variant % VARIANTS;
        return """
        {"name": "kill-%d", "dataset": "%s", "target": "digit", "seed": %d, "epochs": %d,
         "model": {"layers": [
           {"type": "Linear", "out_features": 128}, {"type": "BatchNorm1d"},
           {"type": "ReLU"}, {"type": "Dropout", "p": 0.3},
           {"type": "Linear", "out_features": 10}]},
         "loss": "CrossEntropyLoss", "optimizer": %s, "scheduler": %s, "batch_size": 8,
         "accumulate": %d, "ema": {"decay": 0.9},
         "early_stopping": {"patience": 1000}, "checkpoint": {"every_epochs": 1}}
        """
                .formatted(
                        kind,
                        dataset,
                        kind,
                        epochs,
                        OPTIMIZERS.get(kind),
                        SCHEDULERS.get(kind),
                        1 + kind % 2);
    }
}
