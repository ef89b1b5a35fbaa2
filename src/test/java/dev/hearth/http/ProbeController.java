package dev.hearth.http;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Endpoints of every sort, to be asked in every wrong way. */
@RestController
@Hidden
@RequestMapping("/v1/probe")
class ProbeController {

    record Thing(String firstName, int howMany, Optional<Instant> since) {}

    private final JsonBody bodies;
    private final ClientWatch clients;
    private final CountDownLatch letGo = new CountDownLatch(1);
    private volatile @Nullable BooleanSupplier waiting;

    ProbeController(JsonBody bodies, ClientWatch clients) {
        this.bodies = bodies;
        this.clients = clients;
    }

    /** Whether the client that waits is gone; null while none waits. */
    @Nullable BooleanSupplier waiting() {
        return waiting;
    }

    void letGo() {
        letGo.countDown();
    }

    @GetMapping("/patient")
    String patient(HttpServletRequest request) throws InterruptedException {
        waiting = clients.of(request);
        letGo.await();
        return "done";
    }

    @PostMapping(path = "/tree", consumes = MediaType.APPLICATION_JSON_VALUE)
    JsonNode tree(@RequestBody byte[] body) {
        return bodies.parse(body);
    }

    @PostMapping(path = "/thing", consumes = MediaType.APPLICATION_JSON_VALUE)
    Thing thing(@RequestBody byte[] body) {
        return bodies.read(body, Thing.class);
    }

    @PostMapping(path = "/form", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    Map<String, Long> form(@RequestParam MultipartFile file) {
        return Map.of("size", file.getSize());
    }

    @GetMapping("/things/{id}")
    Map<String, UUID> byId(@PathVariable String id) {
        return Map.of("id", Identifiers.parse(id, "thing"));
    }

    @GetMapping("/things")
    List<Integer> page(
            @RequestParam(defaultValue = PageRequest.DEFAULT_LIMIT) int limit,
            @RequestParam Optional<String> cursor) {
        return List.of(PageRequest.of(limit, cursor.orElse(null)).limit());
    }

    @GetMapping("/full")
    void full() {
        throw new ProblemException(ProblemCode.OVERLOADED, "Full; try again.");
    }

    /** As a data folder on a full disk does. */
    @GetMapping("/full-disk")
    void fullDisk() throws IOException {
        Files.write(Path.of("/dev/full"), new byte[1 << 20]);
    }

    /** As a row does that another version of Hearth has written. */
    @GetMapping("/own-json")
    Thing ownJson() {
        return JsonMapper.shared().readValue("{\"how_many\": \"many\"}", Thing.class);
    }

    @GetMapping("/bug")
    void bug() {
        throw new IllegalStateException("secret inner words");
    }
}
