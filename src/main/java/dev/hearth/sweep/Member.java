package dev.hearth.sweep;

import java.util.UUID;

/**
 * One run of a group, started or not.
 *
 * @param number from 0
 * @param rung of successive halving that it may go to
 * @param parameters what is its own in the run: an object of JSON Pointers and values
 */
record Member(UUID group, int number, int rung, String parameters) {}
