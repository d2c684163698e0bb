package io.waybill.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Ready only while each folder that is written to has room: a full disk leaves no label behind a paid booking. */
final class RoomOnDisk extends AbstractHealthCheck {

    static final String ID = "disk";

    private static final long MB = 1 << 20;

    RoomOnDisk() {
        super("waybill", ID);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Watch watch = getCamelContext().getRegistry().findSingleByType(Watch.class);
        List<String> faults = new ArrayList<>();
        if (watch != null) {
            for (Path folder : watch.limits().folders()) {
                long room = room(folder);
                builder.detail(folder.getFileName() + ".mb", room);
                if (room < watch.limits().roomMb()) {
                    faults.add("%d MB left for '%s', expected at least %d"
                            .formatted(room, folder, watch.limits().roomMb()));
                }
            }
        }
        if (faults.isEmpty()) {
            builder.up();
        } else {
            builder.message(String.join("; ", faults)).down();
        }
    }

    /** MB that may still be written there, -1 if that is not known. */
    static long room(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace() / MB;
        } catch (IOException gone) {
            return -1;
        }
    }
}
