package dev.hearth.dataset;

import dev.hearth.http.ContentDigest;
import dev.hearth.http.FormParts;
import dev.hearth.http.JsonBody;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** The form of an upload: files, each with a {@code Content-Digest} if need be, and options. */
record DatasetForm(List<SourceFile> files, DatasetOptions options) {

    DatasetForm {
        files = List.copyOf(files);
    }

    static DatasetForm read(MultipartHttpServletRequest request, JsonBody bodies)
            throws IOException {
        var form = new FormParts(request, "options");
        var options =
                form.json()
                        .map(bytes -> bodies.read(bytes, DatasetOptions.class))
                        .orElse(DatasetOptions.NONE);
        var digests = digests(request);
        var files = new ArrayList<SourceFile>();
        for (var file : form.files("data.csv")) {
            if (files.size() < digests.size() && !digests.get(files.size()).isEmpty()) {
                try (var in = file.getInputStream()) {
                    digests.get(files.size()).check(in);
                }
            }
            var name = DatasetUpload.plainName(String.valueOf(file.getOriginalFilename()));
            files.add(SourceFile.of(name, file.getSize(), file::getInputStream));
        }
        return new DatasetForm(files, options);
    }

    /** Of the files, in their order; Spring's own view of a form has no headers of its parts. */
    private static List<ContentDigest> digests(MultipartHttpServletRequest request)
            throws IOException {
        try {
            return request.getParts().stream()
                    .filter(part -> part.getName().equals("file"))
                    .filter(part -> part.getSubmittedFileName() != null)
                    .map(part -> ContentDigest.of(part.getHeader("Content-Digest")))
                    .toList();
        } catch (ServletException e) {
            throw new IOException(e);
        }
    }
}
