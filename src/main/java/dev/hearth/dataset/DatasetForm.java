package dev.hearth.dataset;

import dev.hearth.http.FormParts;
import dev.hearth.http.JsonBody;
import dev.hearth.upload.FormFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/** The form of an upload: files and options. */
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
        var files = new ArrayList<SourceFile>();
        for (var file : form.files("data.csv")) {
            var name = DatasetUpload.plainName(String.valueOf(file.getOriginalFilename()));
            files.add(SourceFile.of(name, file.getSize(), content(file)));
        }
        return new DatasetForm(files, options);
    }

    private static FileContent content(MultipartFile file) {
        return file instanceof FormFile onDisk
                ? FileContent.of(onDisk.path())
                : file::getInputStream;
    }
}
