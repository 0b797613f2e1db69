import java.io.*;
import java.nio.charset.StandardCharsets;

/** Reads 64-bit patterns; writes each as a double and its low half as a float. */
class ToString {
    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 16));
        Writer out = new OutputStreamWriter(new BufferedOutputStream(System.out, 1 << 16), StandardCharsets.US_ASCII);
        try {
            while (true) {
                long bits = in.readLong();
                out.write(Double.toString(Double.longBitsToDouble(bits)));
                out.write(' ');
                out.write(Float.toString(Float.intBitsToFloat((int) bits)));
                out.write('\n');
            }
        } catch (EOFException end) {
            out.flush();
        }
    }
}
