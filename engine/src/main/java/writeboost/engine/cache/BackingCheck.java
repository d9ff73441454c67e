package writeboost.engine.cache;

import writeboost.engine.device.BlockDevice;
import writeboost.engine.device.DeviceIdentity;
import writeboost.engine.error.EngineException;
import writeboost.engine.error.ErrorCode;
import writeboost.engine.log.Superblock;

/** Whether a disk is the one that a cache belongs to. */
public final class BackingCheck {
    private BackingCheck() {}

    /**
     * Compares size, serial number and name with what the superblock of the cache says.
     *
     * @throws EngineException FOREIGN if it is another disk
     */
    public static void check(BlockDevice cache, Superblock superblock, BlockDevice backing) throws EngineException {
        DeviceIdentity then = superblock.backing();
        DeviceIdentity now = backing.identity();
        if (then.sizeBytes() != backing.sizeBytes()) {
            throw foreign(
                    cache,
                    backing,
                    "has " + backing.sizeBytes() + " bytes, the disk of this cache had " + then.sizeBytes());
        }
        DeviceIdentity asStored =
                new DeviceIdentity(now.path(), Superblock.storedName(now.stableName()), now.serial(), now.sizeBytes());
        if (!then.isSameDevice(asStored)) {
            throw foreign(
                    cache,
                    backing,
                    then.comparesBySerial(now)
                            ? "has the serial number " + now.serial() + ", the disk of this cache has " + then.serial()
                            : "is " + now.stableName() + ", the disk of this cache is " + then.stableName());
        }
    }

    private static EngineException foreign(BlockDevice cache, BlockDevice backing, String how) {
        return new EngineException(
                ErrorCode.FOREIGN,
                backing.name() + " is not the disk that the cache on " + cache.name() + " belongs to: it " + how
                        + ". Nothing was changed. Attach the right disk, or make a new cache on another device.");
    }
}
