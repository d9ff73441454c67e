package writeboost.engine.device;

class Loop4096ContractTest extends LoopContract {
    Loop4096ContractTest() {
        super(4096, DeviceOptions.exclusive());
    }
}
