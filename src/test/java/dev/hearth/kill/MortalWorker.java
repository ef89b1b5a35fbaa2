package dev.hearth.kill;

import dev.hearth.HearthApplication;
import dev.hearth.storage.BlobStore;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;

/**
 * The service, except that it dies at a chosen point of the writing of a checkpoint: {@code
 * MORTAL_POINT} and {@code MORTAL_CHECKPOINT} in its environment choose it.
 */
final class MortalWorker {

    private MortalWorker() {}

    static void main(String[] args) {
        System.setProperty("ai.djl.offline", "true");
        var death =
                new Death(
                        DeathPoint.valueOf(System.getenv("MORTAL_POINT")),
                        Integer.parseInt(System.getenv("MORTAL_CHECKPOINT")));
        var application = new SpringApplication(HearthApplication.class);
        application.addInitializers(
                context -> context.getBeanFactory().addBeanPostProcessor(new Wrapping(death)));
        application.run(args);
    }

    private record Wrapping(Death death) implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return switch (bean) {
                case BlobStore blobs -> new MortalBlobs(blobs, death);
                case DataSource source -> new MortalDataSource(source, death);
                case InstantSource time when name.equals("time") -> new MortalTime(time, death);
                case Object other -> other;
            };
        }
    }
}
