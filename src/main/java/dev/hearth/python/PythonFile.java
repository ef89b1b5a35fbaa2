package dev.hearth.python;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A Python file in the making: comment, imports, constants, functions, in that order. */
final class PythonFile {

    /** What a file can import, in the order in which it does. */
    enum Import {
        COPY("import copy", true),
        CSV("import csv", true),
        GZIP("import gzip", true),
        JSON("import json", true),
        MATH("import math", true),
        STATISTICS("import statistics", true),
        STRUCT("import struct", true),
        SYS("import sys", true),
        ZIPFILE("import zipfile", true),
        DEFAULTDICT("from collections import defaultdict", true),
        DATETIME("from datetime import datetime, timezone", true),
        DECIMAL("from decimal import Decimal", true),
        ISLICE("from itertools import islice", true),
        NUMPY("import numpy", false),
        PARQUET("import pyarrow.parquet", false),
        IMAGE("from PIL import Image", false),
        SAFETENSORS("from safetensors.torch import load_file", false),
        TORCH("import torch", false),
        FUNCTIONAL("import torch.nn.functional as F", false),
        NN("from torch import nn", false),
        AVERAGES("from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn", false),
        DATA("from torch.utils.data import DataLoader, TensorDataset", false),
        SAMPLES("from torch.utils.data import DataLoader, Dataset, default_collate", false),
        VISION("from torchvision import transforms", false),
        PIXELS("from torchvision.transforms.functional import pil_to_tensor", false),
        PICTURE("from torchvision.transforms.functional import to_pil_image", false);

        private final String line;
        private final boolean isStandard;

        Import(String line, boolean isStandard) {
            this.line = line;
            this.isStandard = isStandard;
        }
    }

    private final List<String> comment;
    private final Set<Import> imports = EnumSet.of(Import.TORCH);
    private final List<String> constants = new ArrayList<>();
    private final Map<String, String> definitions = new LinkedHashMap<>();

    /**
     * @param comment the first lines; nothing in them comes from a user, since Python looks for the
     *     encoding of a file there
     */
    PythonFile(List<String> comment) {
        this.comment = List.copyOf(comment);
    }

    void require(Import... needed) {
        imports.addAll(List.of(needed));
    }

    /** A constant at the beginning of the file. */
    void constant(String name, Expression value) {
        constants.add(value.laidOut(name + " = ", ""));
    }

    /** A line of comment before the next constant. */
    void remark(String text) {
        constants.add("# " + text);
    }

    /**
     * A function or class; the same again is left out.
     *
     * @param source its lines, without an end of line at the end
     */
    void define(String name, String source) {
        String earlier = definitions.putIfAbsent(name, source.stripTrailing());
        if (earlier != null && !earlier.equals(source.stripTrailing())) {
            throw new IllegalStateException("two definitions of " + name);
        }
    }

    /** The whole file; {@code ending} is what it does when it is run. */
    String text(String ending) {
        var text = new StringBuilder();
        comment.forEach(line -> text.append(("# " + line).stripTrailing()).append('\n'));
        text.append(imports(true)).append(imports(false));
        if (!constants.isEmpty()) {
            text.append('\n');
            constants.forEach(line -> text.append(line).append('\n'));
        }
        definitions.values().forEach(source -> text.append("\n\n").append(source).append('\n'));
        return text.append("\n\n").append(ending.stripTrailing()).append('\n').toString();
    }

    private String imports(boolean standard) {
        String lines =
                imports.stream()
                        .filter(each -> each.isStandard == standard)
                        .map(each -> each.line + "\n")
                        .collect(Collectors.joining());
        return lines.isEmpty() ? "" : "\n" + lines;
    }
}
