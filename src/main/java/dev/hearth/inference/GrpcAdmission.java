package dev.hearth.inference;

import com.google.protobuf.MessageLite;
import dev.hearth.http.BodyBudget;
import dev.hearth.problem.ProblemException;
import dev.hearth.serving.Admission;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.springframework.stereotype.Component;

/**
 * Refuses calls early where the service is full: inference where the queue of all models is, before
 * its message is read, and any call whose message would be too much for the memory. What arrives
 * before it is a message is kept outside the heap by the server, which bounds it.
 */
@Component
class GrpcAdmission implements ServerInterceptor {

    private static final String INFER = GrpcService.NAME + "/ModelInfer";

    private final Admission admission;
    private final BodyBudget budget;

    GrpcAdmission(Admission admission, BodyBudget budget) {
        this.admission = admission;
        this.budget = budget;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        BodyBudget.Share share;
        try {
            if (call.getMethodDescriptor().getFullMethodName().equals(INFER)) {
                admission.requireRoom();
            }
            share = budget.take(0);
        } catch (ProblemException e) {
            refuse(call, e);
            return new ServerCall.Listener<>() {};
        }
        try {
            return new Held<>(next.startCall(call, headers), call, share);
        } catch (RuntimeException e) {
            share.close();
            throw e;
        }
    }

    private static void refuse(ServerCall<?, ?> call, ProblemException why) {
        var ending = GrpcErrors.ending(why, call.getMethodDescriptor().getFullMethodName());
        call.close(ending.status(), ending.trailers());
    }

    /** Holds the memory of a call's message until the call has ended. */
    private static final class Held<Q> extends SimpleForwardingServerCallListener<Q> {

        private final ServerCall<Q, ?> call;
        private final BodyBudget.Share share;
        private boolean isRefused;

        Held(ServerCall.Listener<Q> next, ServerCall<Q, ?> call, BodyBudget.Share share) {
            super(next);
            this.call = call;
            this.share = share;
        }

        @Override
        public void onMessage(Q message) {
            try {
                if (message instanceof MessageLite read) {
                    share.add(read.getSerializedSize());
                }
            } catch (ProblemException e) {
                isRefused = true;
                refuse(call, e);
                return;
            }
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            if (!isRefused) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            share.close();
            super.onCancel();
        }

        @Override
        public void onComplete() {
            share.close();
            super.onComplete();
        }
    }
}
