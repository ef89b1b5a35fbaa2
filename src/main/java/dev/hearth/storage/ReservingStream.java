package dev.hearth.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Lets bytes through as long as there is room for them. */
final class ReservingStream extends FilterOutputStream {

    private final Reservation room;

    ReservingStream(OutputStream out, Reservation room) {
        super(out);
        this.room = room;
    }

    @Override
    public void write(int one) throws IOException {
        room.add(1);
        out.write(one);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        room.add(length);
        out.write(bytes, offset, length);
    }
}
