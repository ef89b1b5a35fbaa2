package dev.hearth.python;

import java.util.ArrayList;
import java.util.List;

/** A chain of {@code if}, {@code elif} and {@code else}; the last case needs no condition. */
final class Branches {

    private record Branch(String condition, String body) {}

    private final List<Branch> branches = new ArrayList<>();

    Branches when(String condition, String body) {
        branches.add(new Branch(condition, body));
        return this;
    }

    /** Lines with this many spaces before each. */
    String lines(int indent) {
        var text = new StringBuilder();
        for (int i = 0; i < branches.size(); i++) {
            Branch branch = branches.get(i);
            if (branches.size() == 1) {
                return branch.body().indent(indent);
            }
            boolean isLast = i == branches.size() - 1;
            String head = i == 0 ? "if " : isLast ? "else" : "elif ";
            text.append(head).append(isLast ? "" : branch.condition()).append(":\n");
            text.append(branch.body().indent(4));
        }
        return text.toString().indent(indent);
    }
}
