package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.upload.UploadId;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The uploads that a request names. */
final class UploadList {

    private static final int MOST = 1000;

    private UploadList() {}

    /**
     * @param texts as they were sent
     * @throws ProblemException INVALID_REQUEST where there are none, too many, or one twice
     */
    static List<UploadId> parse(List<@Nullable String> texts) {
        if (texts.isEmpty() || texts.size() > MOST) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST,
                    "/uploads",
                    "expected the IDs of 1 to %d uploads, got %d".formatted(MOST, texts.size()));
        }
        var ids = texts.stream().map(text -> UploadId.parse(String.valueOf(text))).toList();
        if (new HashSet<>(ids).size() < ids.size()) {
            throw ProblemException.at(
                    ProblemCode.INVALID_REQUEST, "/uploads", "an upload is named twice");
        }
        return ids;
    }
}
