package dev.hearth.dataset;

import org.springframework.web.util.HtmlUtils;

/** Text of a page; whatever comes from outside goes through {@link #text}. */
final class Html {

    private final StringBuilder page = new StringBuilder();

    /** Markup of our own. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    Html text(String text) {
        page.append(HtmlUtils.htmlEscape(text, "UTF-8"));
        return this;
    }

    /** An element with text in it, such as {@code td}. */
    Html element(String name, String text) {
        return raw("<" + name + ">").text(text).raw("</" + name + ">");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
