package dev.hearth.upload;

import dev.hearth.http.ContentDigest;
import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.storage.Scratch;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.apache.tomcat.util.http.fileupload.MultipartStream;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.multipart.support.DefaultMultipartHttpServletRequest;

/**
 * Reads forms as they arrive: each file once, to this process's own unfinished files, checked
 * against its {@code Content-Digest} on the way. The server's own reading would pass by whoever
 * counts the request's bytes.
 */
final class FormFiles implements MultipartResolver {

    private static final int MOST_PARTS = 1000;
    private static final int MOST_HEADER_BYTES = 16 << 10;
    private static final int MOST_FIELD_BYTES = 16 << 20;

    private final Scratch scratch;

    FormFiles(Scratch scratch) {
        this.scratch = scratch;
    }

    @Override
    public boolean isMultipart(HttpServletRequest request) {
        var type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    @Override
    public MultipartHttpServletRequest resolveMultipart(HttpServletRequest request) {
        var files = new LinkedMultiValueMap<String, MultipartFile>();
        var fields = new LinkedMultiValueMap<String, String>();
        var types = new HashMap<String, @Nullable String>();
        try {
            read(request, files, fields, types);
            return new DefaultMultipartHttpServletRequest(request, files, texts(fields), types);
        } catch (FileUploadException
                | MultipartStream.MalformedStreamException
                | InvalidFileNameException e) {
            delete(files);
            throw new MultipartException("the form cannot be read", e);
        } catch (IOException e) {
            delete(files);
            if (e.getCause() instanceof FileUploadException malformed) {
                throw new MultipartException("the form cannot be read", malformed);
            }
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            delete(files);
            throw e;
        }
    }

    private void read(
            HttpServletRequest request,
            MultiValueMap<String, MultipartFile> files,
            MultiValueMap<String, String> fields,
            Map<String, @Nullable String> types)
            throws IOException, FileUploadException {
        var upload = new FileUpload();
        upload.setPartHeaderSizeMax(MOST_HEADER_BYTES);
        upload.setHeaderEncoding(StandardCharsets.UTF_8.name());
        var parts = upload.getItemIterator(new ServletRequestContext(request));
        for (int count = 1; parts.hasNext(); count++) {
            if (count > MOST_PARTS) {
                throw new ProblemException(
                        ProblemCode.BODY_TOO_LARGE,
                        "the form has more than %d parts; send fewer files at a time"
                                .formatted(MOST_PARTS));
            }
            FileItemStream part = parts.next();
            var name = part.getFieldName() == null ? "" : part.getFieldName();
            var digest = ContentDigest.of(part.getHeaders().getHeader("Content-Digest"));
            try (var in = digest.checking(part.openStream())) {
                if (part.isFormField()) {
                    fields.add(name, field(name, in));
                    types.put(name, part.getContentType());
                } else {
                    files.add(name, file(name, part, in));
                }
            }
        }
    }

    private FormFile file(String name, FileItemStream part, InputStream in) throws IOException {
        var fileName = part.getName() == null ? "" : part.getName();
        return new FormFile(name, fileName, part.getContentType(), ReceivedFile.of(in, scratch));
    }

    private static String field(String name, InputStream in) throws IOException {
        var bytes = in.readNBytes(MOST_FIELD_BYTES + 1);
        if (bytes.length > MOST_FIELD_BYTES) {
            throw new ProblemException(
                    ProblemCode.BODY_TOO_LARGE,
                    "the part %s has more than %d bytes; send files with a file name"
                            .formatted(name, MOST_FIELD_BYTES));
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String[]> texts(MultiValueMap<String, String> fields) {
        var texts = new HashMap<String, String[]>();
        fields.forEach((name, values) -> texts.put(name, values.toArray(String[]::new)));
        return texts;
    }

    @Override
    public void cleanupMultipart(MultipartHttpServletRequest request) {
        delete(request.getMultiFileMap());
    }

    /** All of them, even where one cannot be deleted. */
    private static void delete(MultiValueMap<String, MultipartFile> files) {
        var failed = new ArrayList<IOException>();
        files.values().stream()
                .flatMap(List::stream)
                .forEach(file -> {
                    try {
                        if (file instanceof FormFile form) {
                            form.received().close();
                        }
                    } catch (IOException e) {
                        failed.add(e);
                    }
                });
        if (!failed.isEmpty()) {
            throw new UncheckedIOException(failed.getFirst());
        }
    }
}
