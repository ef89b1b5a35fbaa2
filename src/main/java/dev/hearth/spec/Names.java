package dev.hearth.spec;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names modules and values may have: those that a PyTorch program with the same names could
 * be written with.
 */
final class Names {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,62}");

    private static final Set<String> KEYWORDS =
            Set.of(
                    ("False None True and as assert async await break class continue def del elif"
                                    + " else except finally for from global if import in is lambda"
                                    + " nonlocal not or pass raise return try while with yield")
                            .split(" "));

    private static final Set<String> OF_PROGRAMMER =
            Set.of("self", "super", "len", "torch", "nn", "F");

    /** What every {@code nn.Module} of PyTorch 2.7 has. */
    private static final Set<String> OF_MODULE =
            Set.of(
                    ("T_destination add_module apply bfloat16 buffers call_super_init children"
                                    + " compile cpu cuda double dump_patches eval extra_repr float"
                                    + " forward get_buffer get_extra_state get_parameter"
                                    + " get_submodule half ipu load_state_dict modules mtia"
                                    + " named_buffers named_children named_modules named_parameters"
                                    + " parameters register_backward_hook register_buffer"
                                    + " register_forward_hook register_forward_pre_hook"
                                    + " register_full_backward_hook"
                                    + " register_full_backward_pre_hook"
                                    + " register_load_state_dict_post_hook"
                                    + " register_load_state_dict_pre_hook register_module"
                                    + " register_parameter register_state_dict_post_hook"
                                    + " register_state_dict_pre_hook requires_grad_ set_extra_state"
                                    + " set_submodule share_memory state_dict to to_empty train"
                                    + " training type xpu zero_grad")
                            .split(" "));

    /** What a compiled model has of its own. */
    private static final Set<String> OF_PROGRAM =
            Set.of("preprocess", "predict", "input_mean", "input_std", "generator");

    private Names() {}

    /** What is wrong with the name of an input or a node, if anything. */
    static Optional<String> ofValue(String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            return Optional.of(
                    "expected a name of 1 to 63 letters, digits and underscores, beginning with a"
                            + " letter, got "
                            + Wording.quoted(name));
        }
        return KEYWORDS.contains(name) || OF_PROGRAMMER.contains(name)
                ? Optional.of(
                        Wording.quoted(name)
                                + " has a meaning in every PyTorch program; choose another name")
                : Optional.empty();
    }

    /** What is wrong with the name of a module, if anything. */
    static Optional<String> ofModule(String name) {
        return ofValue(name)
                .or(() ->
                        OF_MODULE.contains(name)
                                ? Optional.of(
                                        "every nn.Module has an attribute %s already; choose another name"
                                                .formatted(name))
                                : OF_PROGRAM.contains(name)
                                        ? Optional.of(
                                                "a compiled model has an attribute %s of its own; choose another name"
                                                        .formatted(name))
                                        : Optional.empty());
    }
}
