using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Hardware.I2c.Registers;

namespace Kuzzle.Edge.Hardware.Tests.I2c.Registers;

public sealed class RegisterNumberTests
{
    [Theory]
    [InlineData("0c80", 2, false, 0xFFFFul, 0, 3200, "two bytes, big-endian")]
    [InlineData("ff80", 2, true, 0xFFFFul, 0, -128, "two's complement")]
    [InlineData("ff80", 2, false, 0xFFFFul, 0, 65408, "the same without a sign")]
    [InlineData("ffd0", 2, true, 0xFFF0ul, 4, -3, "the sign is the highest bit of the mask")]
    [InlineData("0fd0", 2, true, 0x0FF0ul, 4, -3, "also where the mask ends inside the bytes")]
    [InlineData("123456", 3, false, 0x0FFFFFul, 0, 0x23456, "three bytes, masked")]
    [InlineData("123456", 3, false, 0xFFFFF0ul, 4, 0x12345, "three bytes, shifted")]
    public void A_number_is_masked_then_shifted_then_given_its_sign(string bytes, int width, bool isSigned, ulong mask, int shift, double expected, string why) =>
        RegisterNumber.Read(new RegisterField { Name = "x", Width = width, IsSigned = isSigned, Mask = mask, Shift = shift }, Convert.FromHexString(bytes)).ShouldBe(expected, why);

    [Fact]
    public void A_signed_number_of_any_width_is_the_number_that_was_written() => Prop.ForAll(
        Gen.Choose(1, 8).SelectMany(width => Gen.Choose(int.MinValue, int.MaxValue).SelectMany(number => Gen.Elements(ByteOrder.BigEndian, ByteOrder.LittleEndian).Select(order => (width, number, order)))).ToArbitrary(),
        sample =>
        {
            var (width, number, order) = sample;
            var fits = width >= 4 ? number : number >> (32 - (width * 8)); // What this width can hold.
            var bytes = new byte[width];
            for (var i = 0; i < width; i++) bytes[order == ByteOrder.LittleEndian ? i : width - 1 - i] = (byte)((long)fits >> (8 * i));

            return RegisterNumber.Read(new RegisterField { Name = "x", Width = width, IsSigned = true, Order = order }, bytes) == fits;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_two_orders_read_mirrored_bytes_alike() => Prop.ForAll(
        Gen.Choose(1, 8).SelectMany(width => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(width)).ToArbitrary(),
        bytes => RegisterNumber.Read(new RegisterField { Name = "x", Width = bytes.Length }, bytes)
            == RegisterNumber.Read(new RegisterField { Name = "x", Width = bytes.Length, Order = ByteOrder.LittleEndian }, [.. bytes.Reverse()])).QuickCheckThrowOnFailure();

    [Fact]
    public void Sixty_four_bits_without_a_sign_are_not_negative() =>
        RegisterNumber.Read(new RegisterField { Name = "x", Width = 8 }, [0xFF, 0, 0, 0, 0, 0, 0, 0]).ShouldBe(255.0 * Math.Pow(2, 56));

    [Fact]
    public void A_number_that_means_none_is_none_and_others_are_scaled_and_bounded()
    {
        var field = new RegisterField { Name = "x", Width = 2, IsSigned = true, NoValue = -32768, Scale = 0.5, Offset = 10, Least = 0, Greatest = 100 };

        RegisterNumber.Read(field, [0x80, 0x00]).ShouldBeNull();
        RegisterNumber.Read(field, [0x00, 0x10]).ShouldBe(18);
        RegisterNumber.Read(field, [0xFF, 0x00]).ShouldBe(0);
        RegisterNumber.Read(field, [0x70, 0x00]).ShouldBe(100);
    }
}
