package dev.hearth.job;

/** Tells this process's own workers, if it has any, that a job came in. */
final class Doorbell {

    private volatile Runnable listener = () -> {};

    void ring() {
        listener.run();
    }

    void answerWith(Runnable newListener) {
        this.listener = newListener;
    }
}
