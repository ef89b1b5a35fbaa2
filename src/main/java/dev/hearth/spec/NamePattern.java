package dev.hearth.spec;

/**
 * A pattern of parameter names, as in a {@code state_dict}: {@code *} stands for any characters,
 * dots included, and {@code ?} for one.
 */
public record NamePattern(String text) {

    /** In time that does not explode with the number of stars, as a regular expression's would. */
    public boolean matches(String name) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (in < name.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                resume = in;
            } else if (at < text.length()
                    && (text.charAt(at) == '?' || text.charAt(at) == name.charAt(in))) {
                at++;
                in++;
            } else if (star >= 0) {
                at = star + 1;
                in = ++resume;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }
}
