package writeboost.engine.device;

class LoopContractTest extends LoopContract {
    LoopContractTest() {
        super(512, DeviceOptions.exclusive());
    }
}
