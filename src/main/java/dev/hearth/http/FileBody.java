package dev.hearth.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells requests whose body is a file, or has files in it, that are to be kept. */
public final class FileBody {

    private static final Pattern PUT = Pattern.compile("/v1/uploads/[^/]+/parts/[^/]+/?");
    private static final String DATASETS = "/v1/datasets";
    private static final Pattern DATASET = Pattern.compile(DATASETS + "(?:/[^/]+/versions)?/?");
    private static final Set<String> MODELS = Set.of("/v1/models", "/v1/models/");

    private FileBody() {}

    /** Whether what the body has is to be kept, or what it names is to be made. */
    public static boolean isKept(HttpServletRequest request) {
        return switch (request.getMethod()) {
            case "POST" -> isDataset(path(request)) || MODELS.contains(path(request));
            case "PUT" -> PUT.matcher(path(request)).matches();
            default -> false;
        };
    }

    /** Whether a data set is made, of what the body has or names. */
    public static boolean isDataset(HttpServletRequest request) {
        return request.getMethod().equals("POST") && isDataset(path(request));
    }

    private static boolean isDataset(String path) {
        return path.startsWith(DATASETS) && DATASET.matcher(path).matches();
    }

    /** Decoded, as the controllers are found by it. */
    private static String path(HttpServletRequest request) {
        return request.getServletPath();
    }

    /** Whether the body is streamed to the disk, and so may be larger than what is parsed. */
    static boolean isStreamed(HttpServletRequest request) {
        return isForm(request) || (!isOfType(request, "application/json") && isKept(request));
    }

    static boolean isForm(HttpServletRequest request) {
        return isOfType(request, "multipart/form-data");
    }

    private static boolean isOfType(HttpServletRequest request, String type) {
        var contentType = request.getContentType();
        return contentType != null && contentType.regionMatches(true, 0, type, 0, type.length());
    }
}
