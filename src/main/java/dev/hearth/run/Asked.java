package dev.hearth.run;

/** What users ask of a run that a worker has. */
enum Asked {
    NOTHING,
    PAUSE,
    CANCEL
}
