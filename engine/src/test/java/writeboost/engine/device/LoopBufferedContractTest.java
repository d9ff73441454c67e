package writeboost.engine.device;

class LoopBufferedContractTest extends LoopContract {
    LoopBufferedContractTest() {
        super(512, DeviceOptions.exclusive().buffered());
    }
}
