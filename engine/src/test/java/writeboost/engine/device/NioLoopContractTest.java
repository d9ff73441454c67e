package writeboost.engine.device;

class NioLoopContractTest extends LoopContract {
    NioLoopContractTest() {
        super(512, DeviceOptions.exclusive().through(DeviceOptions.Backend.NIO));
    }
}
