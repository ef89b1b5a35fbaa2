package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * What a file is called that is the whole body: as {@code ?name=} or {@code Content-Disposition}
 * says, with the ending of its type where the reading depends on it.
 */
final class RawName {

    static final String CSV = "text/csv";
    static final String TSV = "text/tab-separated-values";
    static final String NDJSON = "application/x-ndjson";
    static final String JSONL = "application/jsonl";
    static final String ZIP = "application/zip";
    static final String PARQUET = "application/vnd.apache.parquet";
    static final String GZIP = "application/gzip";
    static final String OCTETS = "application/octet-stream";

    private RawName() {}

    /**
     * @param name as the query has it
     * @throws ProblemException INVALID_PARAMETER where the type does not tell what the file is, and
     *     it has no name
     */
    static String of(HttpServletRequest request, @Nullable String name) {
        var type = MediaType.parseMediaType(String.valueOf(request.getContentType()));
        var endings = endings(type.getType() + "/" + type.getSubtype());
        var given =
                Optional.ofNullable(name)
                        .or(() -> ofDisposition(request))
                        .map(DatasetUpload::plainName);
        if (given.isEmpty()) {
            if (endings.isEmpty()) {
                throw new ProblemException(
                        ProblemCode.INVALID_PARAMETER,
                        "A body of type %s needs a name, whose ending tells what it is: ?name=data.npy, or the header Content-Disposition: attachment; filename=\"data.npy\"."
                                .formatted(OCTETS));
            }
            return "data" + endings.getFirst();
        }
        var lower = given.get().toLowerCase(Locale.ROOT);
        return endings.isEmpty() || endings.stream().anyMatch(lower::endsWith)
                ? given.get()
                : given.get() + endings.getFirst();
    }

    private static Optional<String> ofDisposition(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.CONTENT_DISPOSITION);
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(ContentDisposition.parse(header).getFilename());
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ProblemCode.INVALID_PARAMETER,
                    "The header Content-Disposition cannot be read; write it as attachment; filename=\"data.csv\".",
                    e);
        }
    }

    /** Any of which a file of this type has; the first one where it has none. */
    private static List<String> endings(String type) {
        return switch (type) {
            case CSV -> List.of(".csv", ".txt");
            case TSV -> List.of(".tsv");
            case NDJSON, JSONL -> List.of(".jsonl", ".ndjson");
            case ZIP -> List.of(".zip");
            case PARQUET -> List.of(".parquet");
            case GZIP -> List.of(".gz");
            default -> List.of();
        };
    }
}
