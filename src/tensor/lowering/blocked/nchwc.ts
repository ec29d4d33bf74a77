/** The domain of ONNX Runtime's own operators on channels in blocks. */
export const NCHWC = 'com.microsoft.nchwc';
