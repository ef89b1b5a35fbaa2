package dev.hearth.spec;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What a model's input is made of, as it travels with the model: columns of the table, or one
 * column of images or tensors. In JSON the fields say which.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(Encoding.class), @JsonSubTypes.Type(BlockInput.class)})
public sealed interface InputForm permits Encoding, BlockInput {}
