package dev.hearth.batch;

import dev.hearth.dataset.Datasets;
import dev.hearth.dataset.Table;
import dev.hearth.http.CsvAnswer;
import dev.hearth.http.JsonBody;
import dev.hearth.model.ModelVersion;
import dev.hearth.serving.OwnModel;
import dev.hearth.serving.OwnModels;
import dev.hearth.serving.PredictionCsv;
import dev.hearth.spec.ImportReader;
import dev.hearth.spec.Limits;
import dev.hearth.spec.LossSpec;
import dev.hearth.spec.Objective;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Predicts the rows of a data set and writes the result as they come: a line for each row, in
 * order, with its number, the columns that are copied, the prediction, and an error where there is
 * none. It takes the memory of one chunk, however many rows there are.
 */
@Component
class ResultWriter {

    private static final String ROW = "row";
    private static final String ERROR = "error";

    /** What a copied column begins with whose name another column of the result has. */
    private static final String COPIED = "dataset ";

    /** Is told how far the result is, after each chunk; may end the writing by an exception. */
    interface Observer {

        /**
         * @param done rows that are written
         * @param refused those of them that have an error
         */
        void at(long done, long refused);
    }

    /**
     * What can be said of a whole result.
     *
     * @param refused rows that have an error
     * @param scores how well the model does
     */
    record Summary(long refused, Batch.Scores scores) {

        static final Summary NOTHING = new Summary(0, Batch.Scores.NONE);
    }

    private final Datasets datasets;
    private final OwnModels models;
    private final JsonBody json;
    private final ImportReader specifications = new ImportReader(Limits.DEFAULT);

    ResultWriter(Datasets datasets, OwnModels models, JsonBody json) {
        this.datasets = datasets;
        this.models = models;
        this.json = json;
    }

    /** What the model has learned, as the metrics of its training see it. */
    private Objective objective(ModelVersion version) {
        byte[] specification = version.specification().getBytes(StandardCharsets.UTF_8);
        LossSpec loss = specifications.stored(json.parse(specification), version.input()).loss();
        return new Objective(version.target().columns(), loss, Optional.empty(), List.of());
    }

    /**
     * Writes the whole result.
     *
     * @param columns of the data set, to be copied
     */
    Summary write(Needs.Found found, List<String> columns, OutputStream out, Observer observer)
            throws IOException {
        try (Table table = datasets.open(found.dataset());
                RowInput input = RowInput.open(found, datasets);
                OwnModel model = models.open(found.version())) {
            var writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            var score = Score.of(objective(found.version()), found, table);
            List<String> predicted = PredictionCsv.header(found.version().target());
            CsvAnswer.append(writer, List.of(header(columns, predicted)));
            var lines = new Lines(table, columns, predicted.size(), score);
            long end = found.dataset().rows();
            for (long first = 0; first < end; ) {
                observer.at(first, lines.refused);
                RowInput.Chunk chunk = input.read(first, end);
                lines.write(writer, first, chunk, model.answers(chunk.usable()));
                first += chunk.rows();
            }
            writer.flush();
            observer.at(end, lines.refused);
            return new Summary(lines.refused, score.map(Score::scores).orElse(Batch.Scores.NONE));
        }
    }

    private static List<String> header(List<String> columns, List<String> predicted) {
        var last = new ArrayList<>(predicted);
        last.add(ERROR);
        var header = new ArrayList<String>();
        header.add(ROW);
        for (String column : columns) {
            String name = column;
            while (header.contains(name) || last.contains(name)) {
                name = COPIED + name;
            }
            header.add(name);
        }
        header.addAll(last);
        return header;
    }

    /** What is written of each row. */
    private static final class Lines {

        private final Table table;
        private final List<String> columns;
        private final List<String> none;
        private final Optional<Score> score;
        private long refused;

        /**
         * @param width of a prediction
         */
        Lines(Table table, List<String> columns, int width, Optional<Score> score) {
            this.table = table;
            this.columns = columns;
            this.none = Collections.nCopies(width, "");
            this.score = score;
        }

        void write(Writer out, long first, RowInput.Chunk chunk, List<OwnModel.Answer> answers)
                throws IOException {
            var records = new ArrayList<List<String>>(chunk.rows());
            var answer = answers.iterator();
            for (int i = 0; i < chunk.rows(); i++) {
                Optional<String> refusal = chunk.refusals().get(i);
                records.add(
                        line(
                                first + i,
                                refusal.<OwnModel.Answer>map(OwnModel.Refused::new)
                                        .orElseGet(answer::next)));
            }
            CsvAnswer.append(out, records);
        }

        private List<String> line(long row, OwnModel.Answer answer) {
            var cells = new ArrayList<String>();
            cells.add(Long.toString(row));
            columns.forEach(column -> cells.add(table.text(column, row).orElse("")));
            switch (answer) {
                case OwnModel.Predicted(var prediction) -> {
                    score.ifPresent(each -> each.add(row, prediction));
                    cells.addAll(PredictionCsv.row(prediction));
                    cells.add("");
                }
                case OwnModel.Refused(String why) -> {
                    refused++;
                    cells.addAll(none);
                    cells.add(why);
                }
            }
            return cells;
        }
    }
}
