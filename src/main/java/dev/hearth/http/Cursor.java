package dev.hearth.http;

import java.time.Instant;
import java.util.UUID;

/** Where a page ended: lists are in the order of creation, newest first, ties broken by ID. */
public record Cursor(Instant createdAt, UUID id) {}
