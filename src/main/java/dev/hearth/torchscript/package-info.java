/** Compiles a specification to a TorchScript program, and writes PyTorch's file formats. */
@ApplicationModule(allowedDependencies = {"problem", "spec", "tensorfile"})
@NullMarked
package dev.hearth.torchscript;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
