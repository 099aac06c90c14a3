using Kuzzle.Edge.Hardware.I2c.Registers;

namespace Kuzzle.Edge.Hardware.Tests.I2c.Registers;

public sealed class RegisterCrcTests
{
    [Theory]
    [InlineData(0x31, 0xFF, "beef", 0x92, "Sensirion's datasheets")]
    [InlineData(0x31, 0xFF, "8000", 0xA2, "SGP40: 50 % as a parameter")]
    [InlineData(0x31, 0xFF, "6666", 0x93, "SGP40: 25 °C as a parameter")]
    [InlineData(0x31, 0x00, "dc", 0x79, "HTU21D's datasheet")]
    [InlineData(0x31, 0x00, "683a", 0x7C, "HTU21D's datasheet")]
    [InlineData(0x31, 0x00, "4e85", 0x6B, "HTU21D's datasheet")]
    [InlineData(0x07, 0x00, "313233343536373839", 0xF4, "CRC-8/SMBUS of 123456789")]
    [InlineData(0x31, 0xFF, "313233343536373839", 0xF7, "CRC-8/NRSC's neighbour of 0x31: 123456789")]
    public void Checksums_are_those_that_were_published(byte polynomial, byte init, string bytes, byte expected, string where) =>
        new RegisterCrc(polynomial, init).Compute(Convert.FromHexString(bytes)).ShouldBe(expected, where);
}
