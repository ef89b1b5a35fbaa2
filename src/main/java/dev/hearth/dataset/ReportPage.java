package dev.hearth.dataset;

import dev.hearth.dataset.BarChart.Bar;
import dev.hearth.dataset.BarChart.Ends;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report as a page to look at: one file, with nothing to load from elsewhere and no script.
 *
 * @param samples small pictures by class; see {@link PictureSamples}
 */
record ReportPage(Dataset dataset, Report report, Map<String, List<String>> samples) {

    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #222; --paper: #fff; --line: #ddd;
                    --warning: #a40000; --red: #c0504d; --green: #5a9a4a; --blue: #4878a8;
                    --grey: #777 }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e4e4e4; --paper: #16181b; --line: #3a3d42; --warning: #ff8d84;
                      --red: #e07a76; --green: #83c274; --blue: #7fb0e0; --grey: #a5a5a5 }
            }
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem;
                   padding: 0 1rem; color: var(--ink); background: var(--paper) }
            h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem }
            table { border-collapse: collapse } th { text-align: left; font-weight: 600 }
            td, th { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line);
                     vertical-align: top }
            .balance td, .balance th { border: 0; padding: 0 .75rem 0 0; font-size: .85rem;
                                       font-weight: 400; vertical-align: middle }
            .balance td { text-align: right }
            figure { margin: .25rem 0 } figcaption { display: flex; justify-content: space-between;
                     width: 320px; font-size: .8rem; color: var(--grey) }
            img { height: 64px; margin: 0 4px 4px 0; image-rendering: pixelated;
                  border: 1px solid var(--line) }
            .warning { color: var(--warning) } svg { display: block }
            .red rect { fill: var(--red) } .green rect { fill: var(--green) }
            .blue rect { fill: var(--blue) } .grey rect { fill: var(--grey) }
            .axis { stroke: var(--grey); fill: none }
            """;

    private static final List<String> CHANNELS = List.of("red", "green", "blue");
    private static final String GREY = "grey";

    String html() {
        var page = new Html();
        page.raw(
                        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
                .text(dataset.name())
                .raw("</title><style>")
                .raw(STYLE)
                .raw("</style></head><body>")
                .element("h1", dataset.name());
        page.element(
                "p",
                "%s rows, %s columns, %s bytes uploaded%s"
                        .formatted(
                                number(report.rows()),
                                number(report.columnCount()),
                                number(report.sizeBytes()),
                                report.duplicateRows() == null || report.duplicateRows() == 0
                                        ? ""
                                        : "; %s rows repeat an earlier one"
                                                .formatted(number(report.duplicateRows()))));
        ImageReport images = report.images();
        if (images != null) {
            pictures(page, images);
        }
        new ReportColumns(report.columns(), report.rows()).draw(page);
        return page.raw("</body></html>\n").toString();
    }

    private void pictures(Html page, ImageReport images) {
        page.element("h2", "Pictures");
        page.element(
                "p",
                "%s, height %s, width %s"
                        .formatted(
                                images.mode().equals("L") ? "Grey" : "Red, green and blue",
                                extent(images.height()),
                                extent(images.width())));
        warnings(page, images);
        channels(page, images);
        if (images.sizeCount() > 1) {
            page.raw(
                    "<h2>Sizes</h2><table><tr><th>Height</th><th>Width</th><th>Pictures</th></tr>");
            for (ImageReport.PictureSize size : images.sizes()) {
                page.raw("<tr>")
                        .element("td", number(size.height()))
                        .element("td", number(size.width()))
                        .element("td", number(size.count()))
                        .raw("</tr>");
            }
            page.raw("</table>");
            if (images.sizeCount() > images.sizes().size()) {
                page.element(
                        "p",
                        "and %s more"
                                .formatted(number(images.sizeCount() - images.sizes().size())));
            }
        }
        samples(page);
        repeats(page, images);
    }

    private static void warnings(Html page, ImageReport images) {
        if (images.undecodableCount() > 0) {
            page.raw("<p class=\"warning\">")
                    .text(
                            "%s files could not be decoded and were left out:"
                                    .formatted(number(images.undecodableCount())))
                    .raw("</p><ul>");
            for (ImageReport.Undecodable file : images.undecodable()) {
                page.element("li", file.file() + " " + file.reason());
            }
            page.raw("</ul>");
        }
        if (images.conflicting() > 0) {
            page.raw("<p class=\"warning\">")
                    .text(
                            "%s pictures are there under several labels; no model can tell which is right."
                                    .formatted(number(images.conflicting())))
                    .raw("</p>");
        }
        if (!images.ignored().isEmpty()) {
            page.element(
                    "p", "Left alone, since no pictures: " + String.join(", ", images.ignored()));
        }
    }

    private static void channels(Html page, ImageReport images) {
        page.raw(
                "<table><tr><th>Channel</th><th>Mean</th><th>Deviation</th><th>Values from 0 to 1</th></tr>");
        boolean isGrey = images.channels().size() == 1;
        for (int c = 0; c < images.channels().size(); c++) {
            ImageReport.Channel channel = images.channels().get(c);
            List<Long> counts = channel.histogram();
            var bars = new ArrayList<Bar>();
            for (int bin = 0; bin < counts.size(); bin++) {
                String from = decimal((double) bin / counts.size());
                bars.add(new Bar("from " + from, counts.get(bin)));
            }
            String name = isGrey ? GREY : CHANNELS.get(c);
            page.raw("<tr>")
                    .element("td", name)
                    .element("td", decimal(channel.mean()))
                    .element("td", decimal(channel.std()))
                    .raw("<td>");
            BarChart.draw(
                    page,
                    name,
                    "Histogram of %s values from 0 to 1: %s".formatted(name, counts),
                    bars,
                    new Ends("0", "1"));
            page.raw("</td></tr>");
        }
        page.raw("</table>");
    }

    private void samples(Html page) {
        page.raw("<h2>Some of them</h2><table>");
        samples.forEach((label, pictures) -> {
            page.raw("<tr>").element("th", label).raw("<td>");
            for (String uri : pictures) {
                page.raw("<img alt=\"\" src=\"" + uri + "\">");
            }
            page.raw("</td></tr>");
        });
        page.raw("</table>");
    }

    private static void repeats(Html page, ImageReport images) {
        if (images.repeats().isEmpty()) {
            return;
        }
        page.raw("<h2>There more than once</h2>");
        page.element(
                "p", "%s pictures repeat an earlier one.".formatted(number(images.repeated())));
        page.raw("<table><tr><th>Times</th><th>Labels</th><th>Files</th></tr>");
        for (ImageReport.Repeat repeat : images.repeats()) {
            page.raw(repeat.labels().size() > 1 ? "<tr class=\"warning\">" : "<tr>")
                    .element("td", number(repeat.count()))
                    .element("td", String.join(", ", repeat.labels()))
                    .element("td", String.join(", ", repeat.files()))
                    .raw("</tr>");
        }
        page.raw("</table>");
    }

    private static String extent(ImageReport.Extent extent) {
        return extent.min() == extent.max()
                ? number(extent.min())
                : "%s to %s, mostly %s"
                        .formatted(
                                number(extent.min()),
                                number(extent.max()),
                                number(extent.mostFrequent()));
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String decimal(@Nullable Double number) {
        return number == null ? "–" : String.format(Locale.ROOT, "%.4g", number);
    }
}
