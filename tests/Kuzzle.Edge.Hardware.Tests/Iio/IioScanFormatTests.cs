using FsCheck;
using FsCheck.Fluent;
using Kuzzle.Edge.Hardware.Iio;

namespace Kuzzle.Edge.Hardware.Tests.Iio;

public sealed class IioScanFormatTests
{
    [Theory]
    [InlineData("le:s12/16>>4", "f07f", 2047)]
    [InlineData("le:s12/16>>4", "0080", -2048)]
    [InlineData("le:s12/16>>4", "1fff", -15)] // What is in the four bits below does not count.
    [InlineData("be:s16/16>>0", "fffe", -2)]
    [InlineData("be:u16/16>>0", "fffe", 65534)]
    [InlineData("be:u24/32>>8", "12345678", 0x123456)]
    [InlineData("le:u8/8", "80", 128)]
    [InlineData("le:s64/64>>0", "ffffffffffffffff", -1)]
    [InlineData("be:f32/32>>0", "41ac0000", 21.5)]
    [InlineData("le:f64/64>>0", "0000000000803540", 21.5)]
    [InlineData("le:s20/32>>12", "00f0ffff", -1)]
    [InlineData("le:s20/32>>12", "ff0fffff", -16)]
    public void A_number_is_shifted_masked_and_given_its_sign(string type, string bytes, double expected)
    {
        IioScanFormat.TryParse(type, out var format).ShouldBeTrue();

        format!.Decode(Convert.FromHexString(bytes)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("xe:s12/16>>4")]
    [InlineData("le:x12/16>>4")]
    [InlineData("le:s12>>4")]
    [InlineData("le:s12/17>>4")]
    [InlineData("le:s0/16>>0")]
    [InlineData("le:s14/16>>4")]
    [InlineData("le:s12/16>>-1")]
    [InlineData("le:s12/16X0>>4")]
    [InlineData("le:f12/16>>0")]
    [InlineData("le:s12/16>>4 ;")]
    public void What_is_no_format_is_refused(string type) => IioScanFormat.TryParse(type, out _).ShouldBeFalse();

    [Fact]
    public void Repeated_values_take_their_room()
    {
        IioScanFormat.TryParse("le:s16/32X4>>0\n", out var format).ShouldBeTrue();

        format.ShouldBe(new IioScanFormat(IsBigEndian: false, 's', 16, 32, 4, 0));
        format!.Length.ShouldBe(16);
    }

    [Fact]
    public void What_is_put_in_comes_out_whatever_lies_beside_it() => Prop.ForAll(
        Gen.Choose(1, 64).SelectMany(bits => Gen.Elements(8, 16, 32, 64).Where(storage => storage >= bits).SelectMany(storage => Gen.Choose(0, storage - bits).SelectMany(shift =>
            Gen.Choose(int.MinValue, int.MaxValue).SelectMany(high => Gen.Choose(int.MinValue, int.MaxValue).Select(low => (bits, storage, shift, number: ((long)high << 32) ^ low)))))).ToArbitrary(),
        sample =>
        {
            var (bits, storage, shift, number) = sample;
            var kept = number << (64 - bits) >> (64 - bits);
            var mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
            var garbage = 0xA5A5_A5A5_A5A5_A5A5UL & ~(mask << shift);
            var stored = (((ulong)kept & mask) << shift) | garbage;
            var bytes = BitConverter.GetBytes(stored)[..(storage / 8)];

            return IioScanFormat.TryParse($"le:s{bits}/{storage}>>{shift}", out var little) && little.DecodeWhole(bytes) == kept
                && IioScanFormat.TryParse($"be:s{bits}/{storage}>>{shift}", out var big) && big.DecodeWhole([.. bytes.Reverse()]) == kept;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(new[] { 2, 2, 2, 8 }, new[] { 0, 2, 4, 8 }, 16)]
    [InlineData(new[] { 2, 4, 1 }, new[] { 0, 4, 8 }, 12)]
    [InlineData(new[] { 1 }, new[] { 0 }, 1)]
    [InlineData(new[] { 4, 8 }, new[] { 0, 8 }, 16)]
    public void Channels_are_aligned_to_their_own_length_and_samples_to_the_longest(int[] lengths, int[] positions, int length)
    {
        var layout = IioScanLayout.Of(lengths);

        layout.Positions.ShouldBe(positions);
        layout.Length.ShouldBe(length);
    }
}
