package dev.hearth.upload;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/**
 * A file of a form, on the disk until the request ends.
 *
 * @param field what the part is called
 * @param fileName as the client called it
 */
public record FormFile(String field, String fileName, @Nullable String type, ReceivedFile received)
        implements MultipartFile {

    /** Where it is; never to be written. */
    public Path path() {
        return received.path();
    }

    @Override
    public String getName() {
        return field;
    }

    @Override
    public String getOriginalFilename() {
        return fileName;
    }

    @Override
    public @Nullable String getContentType() {
        return type;
    }

    @Override
    public boolean isEmpty() {
        return getSize() == 0;
    }

    @Override
    public long getSize() {
        return received.sizeBytes();
    }

    @Override
    public byte[] getBytes() throws IOException {
        return Files.readAllBytes(path());
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return Files.newInputStream(path());
    }

    @Override
    public void transferTo(File target) throws IOException {
        Files.copy(path(), target.toPath(), StandardCopyOption.REPLACE_EXISTING);
    }
}
