package dev.hearth.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Reads CSV files whose first column is called {@code gate:…}, and waits at that gate in the middle
 * of it: so that a test can do something meanwhile.
 */
@Component
@Profile("test")
@Order(Ordered.HIGHEST_PRECEDENCE)
class GatedReader implements DatasetReader {

    private static final String MARK = "gate:";

    private final TableReader csv;
    private final ConcurrentHashMap<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Exception> refusals = new ConcurrentHashMap<>();

    GatedReader(TableReader csv) {
        this.csv = csv;
    }

    /** What meets whoever comes next to the gate, once. */
    void refuseNext(String gate, Exception with) {
        refusals.put(gate, with);
    }

    void open(String gate) {
        gate(gate).countDown();
    }

    private void refuse(String gate) throws IOException {
        var refusal = refusals.remove(gate);
        if (refusal instanceof IOException e) {
            throw e;
        }
        if (refusal instanceof RuntimeException e) {
            throw e;
        }
    }

    private CountDownLatch gate(String name) {
        return gates.computeIfAbsent(name, _ -> new CountDownLatch(1));
    }

    @Override
    public String wants() {
        return "what a test needs";
    }

    @Override
    public boolean reads(List<SourceFile> files) {
        try (var in = files.getFirst().content().open()) {
            return files.size() == 1
                    && new String(in.readNBytes(MARK.length()), StandardCharsets.UTF_8)
                            .equals(MARK);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Prepared prepare(
            List<SourceFile> files, DatasetOptions options, PreparationProgress progress)
            throws IOException {
        String header;
        try (var in = files.getFirst().content().open()) {
            header = new String(in.readNBytes(256), StandardCharsets.UTF_8);
        }
        var name = header.substring(MARK.length(), header.indexOf(','));
        refuse(name);
        var gate = gate(name);
        try {
            do {
                progress.at(0.25, "waiting at the gate");
            } while (!gate.await(10, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return csv.prepare(files, options, progress);
    }
}
