package dev.hearth.dataset;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import dev.hearth.problem.Violation;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Several CSV files as one: the first whole, and of each further one what comes after its header.
 * The header is taken byte for byte, so all files have to be of the same delimiter.
 */
final class JoinedCsv {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MOST_HEADER_BYTES = 16 << 20;
    private static final Pattern LINE = Pattern.compile("^line (\\d+)");

    /**
     * @param lines how many lines stand in the file, its header included
     * @param headerLines how many of them its header takes
     */
    private record Part(SourceFile file, long lines, long headerLines) {}

    /** What makes a data set of the joined file. */
    @FunctionalInterface
    interface Making {
        Prepared prepared() throws IOException;
    }

    private final List<Part> parts;

    private JoinedCsv(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * @throws ProblemException INVALID_DATASET where the headers differ
     */
    static JoinedCsv of(List<SourceFile> files) throws IOException {
        var parts = new ArrayList<Part>();
        var first = "";
        for (var file : files) {
            try (var in = open(file)) {
                var header = header(in);
                var text = text(header);
                if (parts.isEmpty()) {
                    first = text;
                } else if (!text.equals(first)) {
                    throw ProblemException.at(
                            ProblemCode.INVALID_DATASET,
                            file.name() + ", line 1",
                            "the header is %s, and that of %s is %s; rows are appended by files of the same columns in the same order"
                                    .formatted(shown(text), files.getFirst().name(), shown(first)));
                }
                var headerLines = newlines(header);
                parts.add(new Part(file, headerLines + lines(in), headerLines));
            }
        }
        return new JoinedCsv(List.copyOf(parts));
    }

    /** All rows under one header. */
    SourceFile file() {
        var first = parts.getFirst().file();
        var size = parts.stream().mapToLong(part -> part.file().sizeBytes()).sum();
        return new SourceFile(first.name(), FileKind.TEXT, size, this::content);
    }

    private InputStream content() throws IOException {
        var streams = new ArrayList<InputStream>();
        try {
            for (var part : parts) {
                var in = open(part.file());
                streams.add(in);
                if (streams.size() > 1) {
                    header(in);
                }
                // A last line without an end; where it has one, an empty line is no row.
                streams.add(new ByteArrayInputStream(new byte[] {'\n'}));
            }
        } catch (IOException | RuntimeException e) {
            for (var stream : streams) {
                stream.close();
            }
            throw e;
        }
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    /** Names the files and their own lines in what is wrong with the joined one. */
    Prepared naming(Making making) throws IOException {
        try {
            return making.prepared();
        } catch (ProblemException e) {
            throw new ProblemException(
                    e.code(),
                    rename(e.detail()),
                    e.violations().stream()
                            .map(one -> new Violation(rename(one.pointer()), one.message()))
                            .toList());
        }
    }

    private String rename(String text) {
        var line = LINE.matcher(text);
        return line.find() ? line.replaceFirst(Matcher.quoteReplacement(place(line))) : text;
    }

    private String place(Matcher line) {
        var left = Long.parseLong(line.group(1));
        for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            // Each file is followed by one more line; see content().
            var skipped = i == 0 ? 0 : part.headerLines();
            var here = part.lines() - skipped + 1;
            if (left <= here || i == parts.size() - 1) {
                return "%s, line %d".formatted(part.file().name(), left + skipped);
            }
            left -= here;
        }
        throw new IllegalStateException("no files");
    }

    private static InputStream open(SourceFile file) throws IOException {
        return new BufferedInputStream(file.content().open(), BUFFER_BYTES);
    }

    /** Up to the end of the first line that is not empty; ends within quotes are cells. */
    private static byte[] header(InputStream in) throws IOException {
        var header = new ByteArrayOutputStream();
        var quoted = false;
        var any = false;
        for (var next = in.read(); next >= 0; next = in.read()) {
            header.write(next);
            if (header.size() > MOST_HEADER_BYTES) {
                throw new ProblemException(
                        ProblemCode.INVALID_DATASET,
                        "the first line has more than %d bytes; is a quote left open?"
                                .formatted(MOST_HEADER_BYTES));
            }
            if (next == '"') {
                quoted = !quoted;
            }
            if (next == '\n' && !quoted && any) {
                break;
            }
            any |= next > ' ';
        }
        return header.toByteArray();
    }

    private static String text(byte[] header) {
        var text = new String(header, StandardCharsets.UTF_8);
        return (text.startsWith("\ufeff") ? text.substring(1) : text).strip();
    }

    private static String shown(String header) {
        return "'" + (header.length() > 200 ? header.substring(0, 200) + "…" : header) + "'";
    }

    private static long newlines(byte[] bytes) {
        long count = 0;
        for (var one : bytes) {
            count += one == '\n' ? 1 : 0;
        }
        return count;
    }

    /** Of the rest: as many as there are ends of lines. */
    private static long lines(InputStream in) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long count = 0;
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            for (var i = 0; i < read; i++) {
                count += buffer[i] == '\n' ? 1 : 0;
            }
        }
        return count;
    }
}
