package io.waybill.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.waybill.sandbox.Carrier.Answer;
import io.waybill.sandbox.Carrier.Call;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Simulated BirdSystem, Mabang and KDNiao on one port of 127.0.0.1, with the {@link Account} constants as credentials.
 *
 * <ol>
 *   <li>{@code /client/...} is BirdSystem, {@code /apicenter/...} Mabang, {@code /api/...} KDNiao.
 *   <li>A booking is durable in the ledger file, if one is set, before it is answered; a sandbox started on the same file
 *       knows it again.
 *   <li>One thread serves everything, so that a carrier handles one call at a time and costs little.
 *   <li>Tests in other processes use {@code POST /sandbox/faults} (one {@link Fault} or an array of them, keys {@code
 *       carrier reference path skip times hold_ms delay_ms commit kind status headers body without every_ms bytes}), {@code
 *       DELETE /sandbox/faults}, {@code POST /sandbox/work} ({@link #work}), {@code POST /sandbox/pushes} (see {@link
 *       PushSender}), {@code GET /sandbox/booked?carrier=&reference=} and {@code GET /sandbox/calls}.
 * </ol>
 *
 * <p>Its threads are daemons: a process that only runs a sandbox has to stay alive by itself.
 */
public final class Sandbox implements AutoCloseable {

    private final SandboxOptions options;
    private final Ledger ledger;
    private final Faults faults = new Faults();
    private final BirdSystem birdSystem;
    private final Mabang mabang;
    private final Map<String, Carrier> carriers;
    private final Map<String, AtomicInteger> calls;
    private final Control control;
    private final Vertx vertx;
    private final Wire wire;
    private final PushSender pushes;
    private HttpServer server;

    private Sandbox(SandboxOptions options) {
        this.options = options;
        this.ledger = Ledger.open(options.ledger(), options.fsync());
        Carrier kdniao = new KdNiao(ledger, options);
        this.birdSystem = new BirdSystem(ledger, options);
        this.mabang = new Mabang(ledger, options);
        this.carriers = Map.of(
                BirdSystem.PATH,
                birdSystem,
                BirdSystem.TRACKING,
                birdSystem,
                Mabang.PATH,
                mabang,
                KdNiao.PATH,
                kdniao,
                KdNiao.TRACK_PATH,
                kdniao);
        this.calls = carriers.values().stream()
                .distinct()
                .collect(Collectors.toMap(Carrier::name, carrier -> new AtomicInteger()));
        this.control = new Control(ledger, faults, calls, this::work);
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.wire = new Wire(vertx);
        this.pushes = new PushSender(ledger, options, vertx);
    }

    /** Starts the carriers; throws {@link IllegalStateException} if the port is taken. */
    public static Sandbox start(SandboxOptions options) {
        Sandbox sandbox = new Sandbox(options);
        try {
            sandbox.server = sandbox.vertx
                    .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                    .requestHandler(sandbox::accept)
                    .listen(options.port(), "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            return sandbox;
        } catch (CompletionException e) {
            sandbox.close();
            throw new IllegalStateException(
                    "start sandbox on port " + options.port() + ": "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** {@code http://127.0.0.1:<port>}, for Mabang and KDNiao; BirdSystem's is this and {@code /client}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Every booking of every carrier, oldest first. */
    public List<Booked> booked() {
        return ledger.booked();
    }

    /** The lines that were added to a booking, each {@code {id, product_id, quantity, ...}}; BirdSystem's only. */
    public JsonNode items(Booked booked) {
        return ledger.items(booked);
    }

    /** How often a booking was submitted; BirdSystem's only. */
    public int submits(Booked booked) {
        return ledger.submits(booked);
    }

    /**
     * What BirdSystem's warehouse and the parcel's carrier do: {@code {reference, status, without_number, delivery_fee,
     * handling_fee, note, at}}, each but the reference may be absent. With {@code carrier: mabang} what its warehouse does:
     * {@code {reference, tracking_number, allocate_at, pack_at, handover_at, shortage_at, cancel_at, ...}}.
     */
    public void work(JsonNode work) {
        if (work.path("carrier").asText().equals(Mabang.NAME)) {
            mabang.work(work);
        } else {
            birdSystem.work(work);
        }
    }

    /** The labels that were uploaded for a booking; Mabang's only. */
    public JsonNode labels(Booked booked) {
        return ledger.labels(booked);
    }

    /** How many calls reached a carrier, those it never saw because of a fault included. */
    public int calls(String carrier) {
        return calls.get(carrier).get();
    }

    /** Adds faults to those already scripted. */
    public void script(Fault... more) {
        faults.add(List.of(more));
    }

    /** Forgets all faults. */
    public void clearScripts() {
        faults.clear();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        ledger.close();
    }

    private void accept(HttpServerRequest request) {
        if (wire.closedAsStale(request.connection())) {
            return;
        }
        request.body().onSuccess(body -> {
            String path = request.path();
            Call call = new Call(
                    request.method().name(), path, request.query(), request::getHeader, body.toString("UTF-8"));
            Optional<Carrier> carrier = carriers.keySet().stream()
                    .filter(prefix -> path.regionMatches(true, 0, prefix, 0, prefix.length()))
                    .findFirst()
                    .map(carriers::get);
            if (path.equals("/sandbox/pushes")) {
                push(request, call);
                return;
            }
            carrier.ifPresentOrElse(
                    found -> serve(request, found, call),
                    () -> wire.send(request, answered(control, call), Fault.NONE.reply()));
        });
    }

    private void push(HttpServerRequest request, Call call) {
        try {
            pushes.send(call.json())
                    .onSuccess(told -> wire.send(request, new Answer(200, told), Fault.NONE.reply()))
                    .onFailure(lost -> wire.send(
                            request, Control.failure(502, String.valueOf(lost.getMessage())), Fault.NONE.reply()));
        } catch (JsonProcessingException | RuntimeException e) {
            wire.send(request, Control.failure(400, String.valueOf(e.getMessage())), Fault.NONE.reply());
        }
    }

    private void serve(HttpServerRequest request, Carrier carrier, Call call) {
        calls.get(carrier.name()).incrementAndGet();
        Fault fault = faults.next(carrier.name(), call.path(), () -> carrier.reference(call));
        after(fault.hold(), () -> {
            Answer answer = fault.commit() ? answered(carrier, call) : null;
            after(fault.delay().plus(options.delay()), () -> wire.send(request, answer, fault.reply()));
        });
    }

    /** A full disk or a broken escape in the query must not leave a customer without an answer. */
    private static Answer answered(Carrier carrier, Call call) {
        try {
            return carrier.answer(call);
        } catch (RuntimeException e) {
            return Control.failure(500, "sandbox: " + e);
        }
    }

    private void after(Duration wait, Runnable work) {
        if (wait.isZero()) {
            work.run();
        } else {
            vertx.setTimer(Math.max(1, wait.toMillis()), timer -> work.run());
        }
    }
}
