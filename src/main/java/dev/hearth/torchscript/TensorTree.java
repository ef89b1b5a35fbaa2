package dev.hearth.torchscript;

import dev.hearth.torchscript.ScriptModule.Attribute;
import dev.hearth.torchscript.ScriptModule.BooleanValue;
import dev.hearth.torchscript.ScriptModule.ModuleValue;
import dev.hearth.torchscript.ScriptModule.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors by names such as {@code self_attn.out_proj.weight}, as modules within modules. */
final class TensorTree {

    private final Map<String, Value> leaves = new LinkedHashMap<>();
    private final Map<String, TensorTree> branches = new LinkedHashMap<>();

    void put(String name, Value value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            leaves.put(name, value);
        } else {
            branches.computeIfAbsent(name.substring(0, dot), _ -> new TensorTree())
                    .put(name.substring(dot + 1), value);
        }
    }

    /**
     * What the outermost module has.
     *
     * @param className the outermost module's
     */
    List<Attribute> attributes(String className, boolean training) {
        var attributes = new ArrayList<Attribute>();
        leaves.forEach((name, value) -> attributes.add(new Attribute(name, value)));
        branches.forEach((name, tree) -> {
            String inner = className + "__" + name;
            var members = new ArrayList<>(tree.attributes(inner, training));
            members.add(new Attribute("training", new BooleanValue(training)));
            attributes.add(
                    new Attribute(
                            name, new ModuleValue(new ScriptModule(inner, members, List.of()))));
        });
        return attributes;
    }
}
