package dev.hearth.tensorfile;

import dev.hearth.problem.ProblemCode;
import dev.hearth.problem.ProblemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads safetensors: eight bytes with the length of a JSON header, the header, and the tensors'
 * bytes, without gaps.
 *
 * <p>Source: the format's own description, {@code github.com/huggingface/safetensors}.
 */
public final class SafetensorsReader {

    private static final int LENGTH_BYTES = 8;
    private static final long MOST_HEADER_BYTES = 10_000_000;
    private static final int MOST_DIMENSIONS = 64;
    private static final String HEADER = "header";

    /** What a file tells beside its tensors has this name among them. */
    static final String METADATA = "__metadata__";

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(3)
                                    .maxNameLength(2_000)
                                    .maxNumberLength(30)
                                    .build())
                    .build();

    private final MappedBytes file;
    private final long dataStart;
    private final SequencedMap<String, Entry> tensors = new LinkedHashMap<>();
    private final List<Span> spans = new ArrayList<>();
    private final Map<String, String> metadata = new HashMap<>();

    private record Span(String name, long begin, long end) {}

    private SafetensorsReader(MappedBytes file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    /**
     * A tensor that the header tells of, row-major and without gaps.
     *
     * @param position of its first byte in the file
     */
    public record Entry(ElementType type, List<Long> shape, long position) {
        public Entry {
            shape = List.copyOf(shape);
        }

        /** Of the tensor. */
        public long bytes() {
            return shape.stream().reduce((long) type.size, Math::multiplyExact);
        }

        /** Where it ends in the file. */
        public long end() {
            return Math.addExact(position, bytes());
        }
    }

    /** What a file holds: nothing of it is copied yet. */
    public record Contents(SequencedMap<String, Entry> tensors, Map<String, String> metadata) {
        public Contents {
            tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * @throws ProblemException where the file is not as the format wants it
     */
    public static Contents read(MappedBytes file) {
        if (file.size() <= LENGTH_BYTES) {
            throw BadFile.whole(
                    "the file has %d bytes, too few for safetensors or for what torch.save writes"
                            .formatted(file.size()));
        }
        long length = file.longAt(0);
        if (length < 0 || length > file.size() - LENGTH_BYTES) {
            throw BadFile.at(
                    HEADER,
                    "its length is %s bytes, but only %d follow: the file is truncated, or neither"
                                    .formatted(
                                            Long.toUnsignedString(length),
                                            file.size() - LENGTH_BYTES)
                            + " safetensors nor what torch.save writes");
        }
        if (length > MOST_HEADER_BYTES) {
            throw new ProblemException(
                    ProblemCode.BODY_TOO_LARGE,
                    "the safetensors header has %d bytes; the most that is read is %d"
                            .formatted(length, MOST_HEADER_BYTES));
        }
        if (length == 0 || file.byteAt(LENGTH_BYTES) != '{') {
            throw BadFile.at(
                    HEADER,
                    "it does not begin with '{': the file is neither safetensors nor what"
                            + " torch.save writes");
        }
        var reader = new SafetensorsReader(file, LENGTH_BYTES + length);
        reader.readHeader(file.copy(LENGTH_BYTES, (int) length));
        reader.requireGapless();
        return new Contents(reader.tensors, reader.metadata);
    }

    private void readHeader(byte[] header) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), header)) {
            expect(json, json.nextToken(), JsonToken.START_OBJECT, HEADER, "an object");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals(METADATA)) {
                    readMetadata(json);
                } else {
                    readTensor(name, json);
                }
            }
            if (json.nextToken() != null) {
                throw BadFile.at(HEADER, "something follows the JSON object");
            }
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    private static ProblemException notJson(JacksonException e) {
        String why =
                e instanceof StreamConstraintsException
                        ? "a name has more than 2000 characters, a number more than 30 digits, or"
                                + " it is nested deeper than a header is"
                        : e.getOriginalMessage().startsWith("Duplicate")
                                ? "a name stands there twice"
                                : "it is damaged";
        return BadFile.at(
                HEADER,
                "not the JSON of a safetensors header: %s%s"
                        .formatted(
                                why,
                                e.getLocation() == null
                                        ? ""
                                        : ", near byte " + e.getLocation().getByteOffset()));
    }

    private void readMetadata(JsonParser json) {
        expect(json, json.currentToken(), JsonToken.START_OBJECT, METADATA, "an object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            expect(json, json.nextToken(), JsonToken.VALUE_STRING, METADATA, "texts only");
            metadata.put(name, json.getString());
        }
    }

    private void readTensor(String name, JsonParser json) {
        String place = BadFile.tensor(name);
        expect(json, json.currentToken(), JsonToken.START_OBJECT, place, "an object");
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "dtype" -> {
                    expect(json, json.currentToken(), JsonToken.VALUE_STRING, place, "a dtype");
                    dtype = json.getString();
                }
                case "shape" -> shape = wholeNumbers(json, place, "shape");
                case "data_offsets" -> offsets = wholeNumbers(json, place, "data_offsets");
                default ->
                        throw BadFile.at(
                                place,
                                "unknown field %s; expected dtype, shape and data_offsets"
                                        .formatted(BadFile.quoted(field)));
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw BadFile.at(place, "expected a dtype, a shape and data_offsets [begin, end]");
        }
        add(name, type(dtype, place), shape, new Span(name, offsets.get(0), offsets.get(1)));
    }

    private static ElementType type(String dtype, String place) {
        return ElementType.ofSafetensors(dtype)
                .orElseThrow(() ->
                        BadFile.at(
                                place,
                                "the dtype %s is not read; convert to one of %s"
                                        .formatted(
                                                BadFile.quoted(dtype),
                                                ElementType.safetensorsNames())));
    }

    private void add(String name, ElementType type, List<Long> shape, Span span) {
        String place = BadFile.tensor(name);
        long available = file.size() - dataStart;
        if (span.begin() > span.end() || span.end() > available) {
            throw BadFile.at(
                    place,
                    "its data_offsets [%d, %d] are not inside the %d bytes after the header"
                            .formatted(span.begin(), span.end(), available));
        }
        OptionalLong elements = elements(shape);
        long bytes = span.end() - span.begin();
        boolean fits =
                elements.isPresent()
                        && elements.getAsLong() <= Long.MAX_VALUE / type.size
                        && elements.getAsLong() * type.size == bytes;
        if (!fits) {
            throw BadFile.at(
                    place,
                    "%s of shape %s does not take the %d bytes that its data_offsets give it"
                            .formatted(type.dtype, shape, bytes));
        }
        spans.add(span);
        tensors.put(name, new Entry(type, shape, dataStart + span.begin()));
    }

    /** The number of elements, or empty where it is past 2⁶³−1. */
    public static OptionalLong elements(List<Long> shape) {
        if (shape.contains(0L)) {
            return OptionalLong.of(0);
        }
        long elements = 1;
        for (long extent : shape) {
            if (Math.multiplyHigh(elements, extent) != 0 || elements * extent < 0) {
                return OptionalLong.empty();
            }
            elements *= extent;
        }
        return OptionalLong.of(elements);
    }

    private static List<Long> wholeNumbers(JsonParser json, String place, String field) {
        String expected = field + " to be an array of whole numbers from 0 to 2⁶³−1";
        expect(json, json.currentToken(), JsonToken.START_ARRAY, place, expected);
        var numbers = new ArrayList<Long>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, place, expected);
            boolean fits =
                    switch (json.getNumberType()) {
                        case INT, LONG -> json.getLongValue() >= 0;
                        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> false;
                    };
            if (!fits) {
                throw BadFile.at(place, "expected " + expected);
            }
            if (numbers.size() == MOST_DIMENSIONS) {
                throw BadFile.at(place, field + " has more than " + MOST_DIMENSIONS + " numbers");
            }
            numbers.add(json.getLongValue());
        }
        return numbers;
    }

    private static void expect(
            JsonParser json, JsonToken found, JsonToken token, String place, String expected) {
        if (found != token) {
            throw BadFile.at(
                    place,
                    "expected %s, got another kind of JSON value at byte %d"
                            .formatted(expected, json.currentTokenLocation().getByteOffset()));
        }
    }

    /** Each byte after the header belongs to exactly one tensor. */
    private void requireGapless() {
        spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
        long expected = 0;
        for (Span span : spans) {
            if (span.begin() != expected) {
                throw BadFile.at(
                        BadFile.tensor(span.name()),
                        "it begins at byte %d, %s the tensor before it ends, at %d"
                                .formatted(
                                        span.begin(),
                                        span.begin() < expected ? "before" : "not where",
                                        expected));
            }
            expected = span.end();
        }
        if (expected != file.size() - dataStart) {
            throw BadFile.whole(
                    "the file has %d bytes after its last tensor; send it as it was written"
                            .formatted(file.size() - dataStart - expected));
        }
    }
}
